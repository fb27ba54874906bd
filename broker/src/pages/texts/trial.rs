//! The words of the report of a test sign-in, in both languages.

use super::super::language::Language;

/// The words in a language.
pub(in super::super) fn trial_texts(language: Language) -> &'static TrialTexts {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// The report of a test sign-in.
pub(in super::super) struct TrialTexts {
    pub(in super::super) question: TrialQuestionTexts,
    pub(in super::super) passed: VerdictTexts,
    pub(in super::super) refused: VerdictTexts,
    /// A directory refused the person.
    pub(in super::super) person: VerdictTexts,
    /// The person was refused before the directory was asked.
    pub(in super::super) person_unasked: VerdictTexts,
    pub(in super::super) what_to_do: &'static str,
    pub(in super::super) no_session: &'static str,
    pub(in super::super) actions: ActionTexts,
    pub(in super::super) columns: ColumnTexts,
    pub(in super::super) facts: TrialFactTexts,
    pub(in super::super) checks: CheckTexts,
    pub(in super::super) attributes: ListTexts,
    pub(in super::super) no_attributes: &'static str,
    pub(in super::super) claims: ListTexts,
    /// Given how many values are not shown.
    pub(in super::super) more: fn(usize) -> String,
    pub(in super::super) clock: ClockTexts,
    pub(in super::super) certificates: CertificateTexts,
}

/// The question before it.
pub(in super::super) struct TrialQuestionTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) provider: TrialAboutTexts,
    pub(in super::super) directory: TrialAboutTexts,
    pub(in super::super) begin: &'static str,
    pub(in super::super) way_out: &'static str,
}

/// What a test does, and what it shows to whom.
pub(in super::super) struct TrialAboutTexts {
    pub(in super::super) meaning: &'static str,
    pub(in super::super) shown: &'static str,
}

/// Whether it works, and what that means where no cause says it better.
pub(in super::super) struct VerdictTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) meaning: &'static str,
    pub(in super::super) remedy: &'static str,
}

/// Where to go from here.
pub(in super::super) struct ActionTexts {
    pub(in super::super) again: &'static str,
    pub(in super::super) json: &'static str,
}

/// Headings of a list of names and values.
pub(in super::super) struct ColumnTexts {
    pub(in super::super) name: &'static str,
    pub(in super::super) values: &'static str,
}

/// Names in the small list below the verdict.
pub(in super::super) struct TrialFactTexts {
    pub(in super::super) connection: &'static str,
    pub(in super::super) kind: &'static str,
    pub(in super::super) when: &'static str,
    pub(in super::super) cause: &'static str,
    pub(in super::super) reason: &'static str,
}

/// The list of checks.
pub(in super::super) struct CheckTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) caption: &'static str,
    pub(in super::super) check: &'static str,
    pub(in super::super) result: &'static str,
    pub(in super::super) passed: &'static str,
    pub(in super::super) failed: &'static str,
    pub(in super::super) not_reached: &'static str,
    pub(in super::super) claims: &'static str,
}

/// A list of names and values.
pub(in super::super) struct ListTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) caption: &'static str,
}

/// The clocks.
pub(in super::super) struct ClockTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) sentence: fn(i64) -> String,
}

/// The provider's certificates.
pub(in super::super) struct CertificateTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) caption: &'static str,
    pub(in super::super) not_before: &'static str,
    pub(in super::super) not_after: &'static str,
    pub(in super::super) key: &'static str,
    pub(in super::super) fingerprint: &'static str,
    pub(in super::super) valid: &'static str,
    pub(in super::super) ends_soon: fn(i64) -> String,
    pub(in super::super) not_valid: &'static str,
}

const ENGLISH: TrialTexts = TrialTexts {
    question: TrialQuestionTexts {
        heading: "Test this connection?",
        provider: TrialAboutTexts {
            meaning: "You sign in at the identity provider of the connection below, and then read what Vestibule makes of \
                      its answer.",
            shown: "What the provider says of you, such as your name, e-mail address and groups, is then shown to \
                    whoever has the address of this page, for an hour.",
        },
        directory: TrialAboutTexts {
            meaning: "You type your user name and password here, and then read what Vestibule makes of the directory's \
                      answer.",
            shown: "What the directory says of you, such as your name, e-mail address and groups, is then shown to \
                    whoever has the address of this page, for an hour. Your password is not.",
        },
        begin: "Start the test sign-in",
        way_out: "This is a test, and no session is opened. If you did not expect it, close this page: nothing has \
                  been asked yet.",
    },
    passed: VerdictTexts {
        heading: "The connection works.",
        meaning: "The answer passed every check, and every claim that the connection requires is there.",
        remedy: "Compare the claims below with the person who signed in, then name the connection as \
                 `authentication` in `[workspace]`.",
    },
    refused: VerdictTexts {
        heading: "The connection does not work yet.",
        meaning: "The answer was refused.",
        remedy: "Look the code up in `docs/codes.md`, which gives cause and remedy of each.",
    },
    person: VerdictTexts {
        heading: "The connection works, and this person was refused.",
        meaning: "The directory was asked, and it does not let this person in.",
        remedy: "Look the code up in `docs/codes.md`, which gives cause and remedy of each.",
    },
    person_unasked: VerdictTexts {
        heading: "This person was refused before the directory was asked.",
        meaning: "Whether the connection works was not seen.",
        remedy: "Look the code up in `docs/codes.md`, which gives cause and remedy of each.",
    },
    what_to_do: "What to do:",
    no_session: "This was a test: no session was opened, and nobody is signed in by it.",
    actions: ActionTexts { again: "Test again", json: "Report as JSON" },
    columns: ColumnTexts { name: "Name", values: "Value" },
    facts: TrialFactTexts {
        connection: "Connection",
        kind: "Kind",
        when: "Time",
        cause: "Cause",
        reason: "Reason",
    },
    checks: CheckTexts {
        heading: "Checks",
        caption: "In the order in which they are made; the first that fails ends a sign-in.",
        check: "Check",
        result: "Result",
        passed: "passed",
        failed: "failed",
        not_reached: "not asked",
        claims: "Every claim that the connection requires is there, well-formed, and its own to speak for",
    },
    attributes: ListTexts { heading: "Attributes", caption: "What arrived, by the names that it came with." },
    no_attributes: "The provider sent no attributes. Release some to this application there.",
    claims: ListTexts { heading: "Claims", caption: "What applications would see." },
    more: |count| format!("and {count} more"),
    clock: ClockTexts {
        heading: "Clock",
        sentence: |seconds| match seconds {
            0 => "The provider's clock and ours agree.".to_owned(),
            1.. => format!("The provider's clock is {seconds} s ahead of ours. Up to 180 s are allowed."),
            _ => format!(
                "The provider's clock is {} s behind ours, the way of the answer included. Up to 180 s are allowed.",
                seconds.unsigned_abs()
            ),
        },
    },
    certificates: CertificateTexts {
        heading: "Certificates",
        caption: "The provider's signing certificates that the connection knows.",
        not_before: "From",
        not_after: "Until",
        key: "Key",
        fingerprint: "SHA-256",
        valid: "Valid now.",
        ends_soon: |days| match days {
            1 => "Valid now, and ends in 1 day: add the next one beside it.".to_owned(),
            _ => format!("Valid now, and ends in {days} days: add the next one beside it."),
        },
        not_valid: "Not valid now: what it signs is refused.",
    },
};

const JAPANESE: TrialTexts = TrialTexts {
    question: TrialQuestionTexts {
        heading: "この接続をテストしますか？",
        provider: TrialAboutTexts {
            meaning: "下に示す接続のIDプロバイダーでサインインすると、その応答をVestibuleがどう判断したかが示されます。",
            shown: "IDプロバイダーから届いた、名前、メールアドレス、グループなどの情報は、このページのアドレスを知る人なら誰でも、\
                    1時間のあいだ見ることができます。",
        },
        directory: TrialAboutTexts {
            meaning: "次の画面でユーザー名とパスワードを入力すると、ディレクトリの応答をVestibuleがどう判断したかが示されます。",
            shown: "ディレクトリから届いた、名前、メールアドレス、グループなどの情報は、このページのアドレスを知る人なら誰でも、\
                    1時間のあいだ見ることができます。パスワードは表示されません。",
        },
        begin: "テストを開始する",
        way_out: "これはテストで、セッションは開始されません。心当たりがない場合は、このページを閉じてください。\
                  まだ何も要求されていません。",
    },
    passed: VerdictTexts {
        heading: "この接続は正しく動作しています。",
        meaning: "応答はすべての検査に合格し、接続に必要なクレームもそろっています。",
        remedy: "下のクレームがサインインした本人のものであることを確かめ、接続の名前を`[workspace]`の`authentication`に\
                 設定してください。",
    },
    refused: VerdictTexts {
        heading: "この接続は、まだ正しく動作していません。",
        meaning: "応答は受け入れられませんでした。",
        remedy: "`docs/codes.md`に、各コードの原因と対処があります。",
    },
    person: VerdictTexts {
        heading: "接続は正しく動作していますが、このユーザーは拒否されました。",
        meaning: "ディレクトリは応答しましたが、このユーザーのサインインを認めませんでした。",
        remedy: "`docs/codes.md`に、各コードの原因と対処があります。",
    },
    person_unasked: VerdictTexts {
        heading: "このユーザーは、ディレクトリに問い合わせる前に拒否されました。",
        meaning: "接続が正しく動作しているかどうかは、まだ分かりません。",
        remedy: "`docs/codes.md`に、各コードの原因と対処があります。",
    },
    what_to_do: "対処:",
    no_session: "これはテストです。セッションは開始されておらず、誰もサインインしていません。",
    actions: ActionTexts { again: "もう一度テストする", json: "JSON形式のレポート" },
    columns: ColumnTexts { name: "名前", values: "値" },
    facts: TrialFactTexts {
        connection: "接続", kind: "種類", when: "日時", cause: "原因", reason: "理由"
    },
    checks: CheckTexts {
        heading: "検査",
        caption: "行われる順に並んでいます。最初に不合格になったところで、サインインは終わります。",
        check: "検査",
        result: "結果",
        passed: "合格",
        failed: "不合格",
        not_reached: "未実施",
        claims: "接続に必要なクレームがすべて正しい形式でそろい、接続の保証できる範囲にある",
    },
    attributes: ListTexts { heading: "属性", caption: "届いたもの（送り元での名前）" },
    no_attributes: "IDプロバイダーから属性が送られてきませんでした。このアプリケーションに属性を送るように設定してください。",
    claims: ListTexts { heading: "クレーム", caption: "アプリケーションに渡されるもの" },
    more: |count| format!("ほか{count}件"),
    clock: ClockTexts {
        heading: "時計",
        sentence: |seconds| match seconds {
            0 => "IDプロバイダーの時計は、こちらの時計と一致しています。".to_owned(),
            1.. => {
                format!("IDプロバイダーの時計は、こちらより{seconds}秒進んでいます。180秒まで許されます。")
            }
            _ => format!(
                "IDプロバイダーの時計は、応答が届くまでの時間を含めて、こちらより{}秒遅れています。180秒まで許されます。",
                seconds.unsigned_abs()
            ),
        },
    },
    certificates: CertificateTexts {
        heading: "証明書",
        caption: "接続に登録されている、IDプロバイダーの署名用証明書です。",
        not_before: "開始",
        not_after: "終了",
        key: "鍵",
        fingerprint: "SHA-256",
        valid: "現在有効です。",
        ends_soon: |days| {
            format!("現在有効ですが、あと{days}日で終わります。次の証明書を並べて登録してください。")
        },
        not_valid: "現在有効ではありません。この証明書による署名は受け入れられません。",
    },
};
