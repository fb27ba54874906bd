//! The words of the pages about secure clients.

use super::super::language::Language;

/// The words in a language.
pub(in super::super) fn clients_texts(language: Language) -> &'static ClientsTexts {
    match language {
        Language::English => &ENGLISH,
        Language::Japanese => &JAPANESE,
    }
}

/// Secure clients (API-01, API-02).
pub(in super::super) struct ClientsTexts {
    pub(in super::super) heading: &'static str,
    pub(in super::super) lead: &'static str,
    pub(in super::super) customer: &'static str,
    pub(in super::super) none: &'static str,
    pub(in super::super) caption: &'static str,
    pub(in super::super) name: &'static str,
    pub(in super::super) id: &'static str,
    pub(in super::super) secret: &'static str,
    pub(in super::super) made_by: &'static str,
    pub(in super::super) created: &'static str,
    pub(in super::super) actions: &'static str,
    pub(in super::super) delete: &'static str,
    pub(in super::super) create_heading: &'static str,
    pub(in super::super) create_text: &'static str,
    pub(in super::super) create: &'static str,
    pub(in super::super) no_name: &'static str,
    pub(in super::super) too_many: &'static str,
    pub(in super::super) made_heading: &'static str,
    pub(in super::super) made_text: &'static str,
    pub(in super::super) download: &'static str,
    pub(in super::super) back: &'static str,
}

const ENGLISH: ClientsTexts = ClientsTexts {
    heading: "API access",
    lead: "Secure clients are programs that use the API in your place. What you may do, they may do, as long as you may.",
    customer: "Customer ID:",
    none: "There are no secure clients.",
    caption: "Secure clients.",
    name: "Name",
    id: "Client ID",
    secret: "Client secret",
    made_by: "Made by",
    created: "Made",
    actions: "Actions",
    delete: "Delete",
    create_heading: "Make a client",
    create_text: "Its secret is shown once.",
    create: "Make the client",
    no_name: "Enter a name of at most 64 characters.",
    too_many: "There are too many clients. Delete some that are of no use any more.",
    made_heading: "Keep this secret now",
    made_text: "It is shown this once and stands nowhere. Whoever has it can do what you can; keep it out of command lines and source code.",
    download: "Download as CSV",
    back: "Back to API access",
};

const JAPANESE: ClientsTexts = ClientsTexts {
    heading: "APIアクセス",
    lead: "セキュアクライアントは、あなたに代わってAPIを使うプログラムです。あなたに許可された操作だけを、許可されている間だけ行えます。",
    customer: "顧客ID：",
    none: "セキュアクライアントはありません。",
    caption: "セキュアクライアントの一覧です。",
    name: "名前",
    id: "クライアントID",
    secret: "クライアントシークレット",
    made_by: "作成者",
    created: "作成日時",
    actions: "操作",
    delete: "削除",
    create_heading: "クライアントの作成",
    create_text: "シークレットが表示されるのは一度だけです。",
    create: "クライアントを作成",
    no_name: "64文字以内の名前を入力してください。",
    too_many: "クライアントの数が上限に達しています。不要なものを削除してください。",
    made_heading: "シークレットを保存してください",
    made_text: "表示されるのは今回だけで、どこにも残りません。これを持つ人は、あなたと同じ操作ができます。コマンドラインやソースコードに書かないでください。",
    download: "CSVでダウンロード",
    back: "APIアクセスに戻る",
};
