//! The words of the page about sessions.

use super::super::language::Language;

/// The words in a language.
pub(in super::super) fn sessions_texts(language: Language) -> &'static SessionsTexts {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// One's own sessions, and everybody's.
pub(in super::super) struct SessionsTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) lead: &'static str,
    pub(in super::super) own: &'static str,
    pub(in super::super) own_caption: &'static str,
    pub(in super::super) all: &'static str,
    pub(in super::super) all_caption: &'static str,
    pub(in super::super) none: &'static str,
    pub(in super::super) who: &'static str,
    pub(in super::super) way: &'static str,
    pub(in super::super) began: &'static str,
    pub(in super::super) last: &'static str,
    pub(in super::super) ends: &'static str,
    pub(in super::super) actions: &'static str,
    pub(in super::super) this: &'static str,
    pub(in super::super) end: &'static str,
    pub(in super::super) end_all: &'static str,
    pub(in super::super) more: &'static str,
    pub(in super::super) built_in: &'static str,
    pub(in super::super) ended: &'static str,
    pub(in super::super) all_ended: &'static str,
}

const ENGLISH: SessionsTexts = SessionsTexts {
    heading: "Sessions",
    lead: "Each is one sign-in in one browser. One that you do not know is somebody else's: end it, and change your password.",
    own: "Yours",
    own_caption: "Your sessions as an administrator, in all your organisations. Times are UTC.",
    all: "Everybody's",
    all_caption: "Sessions of this organisation, its subscribers' included. Times are UTC.",
    none: "There are none.",
    who: "Who",
    way: "Signed in by",
    began: "Began",
    last: "Last used",
    ends: "Ends",
    actions: "Actions",
    this: "This session",
    end: "End",
    end_all: "End all but this one",
    more: "More sessions",
    built_in: "built-in identity",
    ended: "The session was ended.",
    all_ended: "Your other sessions were ended.",
};

const JAPANESE: SessionsTexts = SessionsTexts {
    heading: "セッション",
    lead: "1つのセッションは、1つのブラウザーでの1回のサインインです。心当たりのないものは他人のセッションです。終了させて、パスワードを変更してください。",
    own: "自分のセッション",
    own_caption: "すべての組織での、管理者としての自分のセッションです。時刻はUTCです。",
    all: "全員のセッション",
    all_caption: "利用者を含む、この組織のセッションです。時刻はUTCです。",
    none: "セッションはありません。",
    who: "名前",
    way: "サインイン方法",
    began: "開始",
    last: "最終操作",
    ends: "終了予定",
    actions: "操作",
    this: "このセッション",
    end: "終了",
    end_all: "このセッション以外をすべて終了",
    more: "さらに表示",
    built_in: "組み込みID",
    ended: "セッションを終了しました。",
    all_ended: "ほかのセッションをすべて終了しました。",
};
