//! The words of the console that every page of it shares, of its first page, and of the way to a recent sign-in.

use super::super::language::Language;

/// The words in a language.
pub(in super::super) fn console_texts(language: Language) -> &'static ConsoleTexts {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// The console.
pub(in super::super) struct ConsoleTexts {
    pub(in super::super) shell: ShellTexts,
    pub(in super::super) home: HomeTexts,
    pub(in super::super) step_up: StepUpTexts,
}

/// What stands around every page.
pub(in super::super) struct ShellTexts {
    pub(in super::super) skip: &'static str,
    pub(in super::super) navigation: &'static str,
    pub(in super::super) profile: &'static str,
    pub(in super::super) sign_out: &'static str,
    pub(in super::super) overview: &'static str,
    pub(in super::super) administrators: &'static str,
    pub(in super::super) connections: &'static str,
    pub(in super::super) workspace: &'static str,
    pub(in super::super) api_access: &'static str,
    pub(in super::super) sessions: &'static str,
    pub(in super::super) settings: &'static str,
    pub(in super::super) idle_heading: &'static str,
    pub(in super::super) idle_text: &'static str,
    pub(in super::super) idle_stay: &'static str,
    pub(in super::super) over_heading: &'static str,
    pub(in super::super) over_text: &'static str,
    pub(in super::super) over_again: &'static str,
}

/// The first page.
pub(in super::super) struct HomeTexts {
    pub(in super::super) lead: &'static str,
    pub(in super::super) email: &'static str,
    pub(in super::super) customer: &'static str,
    pub(in super::super) sign_in_address: &'static str,
    pub(in super::super) workspace: &'static str,
    /// There is no address yet.
    pub(in super::super) no_workspace: &'static str,
    pub(in super::super) others: &'static str,
    /// Only one administrator has full access (ADM-29).
    pub(in super::super) alone: &'static str,
}

/// Before a change that needs a recent sign-in.
pub(in super::super) struct StepUpTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) text: &'static str,
    pub(in super::super) button: &'static str,
}

const ENGLISH: ConsoleTexts = ConsoleTexts {
    shell: ShellTexts {
        skip: "Skip to the page",
        navigation: "Console",
        profile: "My profile",
        sign_out: "Sign out",
        overview: "Overview",
        administrators: "Administrators",
        connections: "Authentication",
        workspace: "Workspace",
        api_access: "API access",
        sessions: "Sessions",
        settings: "Settings",
        idle_heading: "Are you still there?",
        idle_text: "Nothing was done for a while. In less than two minutes your session ends, and what you have not saved is lost.",
        idle_stay: "Stay signed in",
        over_heading: "Your session has ended",
        over_text: "Sign in again to go on.",
        over_again: "Sign in",
    },
    home: HomeTexts {
        lead: "You are signed in as an administrator of this organisation.",
        email: "E-mail",
        customer: "Customer ID",
        sign_in_address: "Administrators sign in at",
        workspace: "Subscribers open",
        no_workspace: "No address yet. The operator of this deployment gives one.",
        others: "Your other organisations",
        alone: "Only one administrator has full access. Give it to a second one, so that nobody is locked out when the first one is away.",
    },
    step_up: StepUpTexts {
        heading: "Confirm that it is you",
        text: "What you are about to change decides who gets in. Sign in once more, with every factor; you come back to this page.",
        button: "Sign in again",
    },
};

const JAPANESE: ConsoleTexts = ConsoleTexts {
    shell: ShellTexts {
        skip: "本文へ移動",
        navigation: "コンソール",
        profile: "マイプロフィール",
        sign_out: "サインアウト",
        overview: "概要",
        administrators: "管理者",
        connections: "認証",
        workspace: "ワークスペース",
        api_access: "APIアクセス",
        sessions: "セッション",
        settings: "設定",
        idle_heading: "操作を続けますか",
        idle_text: "しばらく操作がありません。2分以内にセッションが終了し、保存していない内容は失われます。",
        idle_stay: "サインインしたままにする",
        over_heading: "セッションが終了しました",
        over_text: "続けるには、もう一度サインインしてください。",
        over_again: "サインイン",
    },
    home: HomeTexts {
        lead: "この組織の管理者としてサインインしています。",
        email: "メールアドレス",
        customer: "顧客ID",
        sign_in_address: "管理者のサインインURL",
        workspace: "利用者が開くURL",
        no_workspace: "まだありません。この環境の運用者が設定します。",
        others: "管理しているほかの組織",
        alone: "フルアクセスを持つ管理者は1人だけです。その人が不在のときに誰も入れなくなることがないよう、もう1人にフルアクセスを与えてください。",
    },
    step_up: StepUpTexts {
        heading: "本人確認",
        text: "これから行う変更は、誰がサインインできるかに関わります。2つの要素でもう一度サインインしてください。終わると、このページに戻ります。",
        button: "もう一度サインイン",
    },
};
