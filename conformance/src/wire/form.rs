//! Forms and links as a page shows them, and what a form sends (HTML §4.10.21).

use http::Method;
use url::Url;
use url::form_urlencoded::Serializer;

use super::html::{Token, tokens};
use super::page::Page;
use super::transport::WireError;

/// How a form sends its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormMethod {
    /// In the query.
    Get,
    /// In the body, form-urlencoded.
    Post,
}

/// A button that sends its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    /// Its `name`, if it sends one.
    pub name: Option<String>,
    /// Its `value`.
    pub value: String,
    /// What a person reads on it.
    pub text: String,
    /// `formaction`, resolved.
    pub action: Option<Url>,
}

/// A form of a page, with the page's rules about where it may go.
#[derive(Clone, Debug)]
pub struct Form {
    /// Where it goes.
    pub action: Url,
    /// How.
    pub method: FormMethod,
    /// Every field that it sends, in order, without buttons.
    pub fields: Vec<(String, String)>,
    /// Its buttons, in order.
    pub buttons: Vec<Button>,
    pub(super) page: Page,
}

/// A link of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads.
    pub href: Url,
    /// What a person reads.
    pub text: String,
}

impl Form {
    /// The field's present value.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Writes into a field; a name that the form lacks is added, as a meddler's tools do.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(field, _)| field == name) {
            Some((_, kept)) => value.clone_into(kept),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// Takes a field out.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(field, _)| field != name);
        self
    }

    /// Chooses the button whose text or value is `label`: its name and value go along.
    ///
    /// # Errors
    /// `Missing` when the form has no such button.
    pub fn press(mut self, label: &str) -> Result<Self, WireError> {
        let found = self.buttons.iter().find(|button| button.text == label || button.value == label).cloned();
        let button = found.ok_or_else(|| WireError::missing("button", label, &self.page))?;
        if let Some(name) = button.name {
            self.fields.push((name, button.value));
        }
        self.action = button.action.unwrap_or(self.action);
        Ok(self)
    }

    /// Method, address and body of the submission.
    pub(super) fn encode(&self) -> (Method, Url, String) {
        let encoded = Serializer::new(String::new()).extend_pairs(&self.fields).finish();
        match self.method {
            FormMethod::Post => (Method::POST, self.action.clone(), encoded),
            FormMethod::Get => {
                let mut url = self.action.clone();
                url.set_query(Some(&encoded));
                (Method::GET, url, String::new())
            }
        }
    }
}

/// Every form of the page.
pub(super) fn forms(page: &Page) -> Vec<Form> {
    let mut forms: Vec<Form> = Vec::new();
    let mut open: Option<OpenForm> = None;
    for token in tokens(&page.text_body()) {
        match &token {
            Token::Open { name, .. } if name == "form" => {
                forms.extend(open.take().map(OpenForm::close));
                open = OpenForm::read(&token, page);
            }
            Token::Close(name) if name == "form" => forms.extend(open.take().map(OpenForm::close)),
            Token::Text(_) | Token::Open { .. } | Token::Close(_) => {
                if let Some(open) = &mut open {
                    open.take(&token);
                }
            }
        }
    }
    forms.extend(open.map(OpenForm::close));
    forms
}

/// Every link of the page that leads somewhere.
pub(super) fn links(page: &Page) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    let mut inside = false;
    for token in tokens(&page.text_body()) {
        match &token {
            Token::Open { name, .. } if name == "a" => {
                let href = token.attribute("href").and_then(|href| page.resolve(href));
                inside = href.is_some();
                links.extend(href.map(|href| Link { href, text: String::new() }));
            }
            Token::Close(name) if name == "a" => inside = false,
            Token::Text(text) if inside => {
                if let Some(link) = links.last_mut() {
                    link.text.push_str(text);
                }
            }
            Token::Text(_) | Token::Open { .. } | Token::Close(_) => {}
        }
    }
    for link in &mut links {
        link.text = collapse(&link.text);
    }
    links
}

/// White space as a reader sees it.
pub(super) fn collapse(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A form being read.
struct OpenForm {
    form: Form,
    inside: Inside,
}

/// The element whose text matters at the moment.
enum Inside {
    Nothing,
    Button(Button),
    Area(String, String),
    Select { name: String, chosen: Option<String>, first: Option<String> },
}

impl OpenForm {
    fn read(token: &Token, page: &Page) -> Option<Self> {
        let action =
            page.resolve(token.attribute("action").filter(|action| !action.is_empty()).unwrap_or_default())?;
        let post = token.attribute("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
        let method = if post { FormMethod::Post } else { FormMethod::Get };
        let form = Form { action, method, fields: Vec::new(), buttons: Vec::new(), page: page.clone() };
        Some(Self { form, inside: Inside::Nothing })
    }

    fn take(&mut self, token: &Token) {
        match token {
            Token::Open { name, .. } => match name.as_str() {
                "input" => self.input(token),
                "button" if token.attribute("type").is_none_or(|kind| kind == "submit") => {
                    self.inside = Inside::Button(self.button(token));
                }
                "textarea" => self.inside = Inside::Area(owned(token, "name"), String::new()),
                "select" => {
                    self.inside = Inside::Select { name: owned(token, "name"), chosen: None, first: None };
                }
                "option" => self.option(token),
                _ => {}
            },
            Token::Text(text) => match &mut self.inside {
                Inside::Button(button) => button.text.push_str(text),
                Inside::Area(_, value) => value.push_str(text),
                Inside::Nothing | Inside::Select { .. } => {}
            },
            Token::Close(name) if matches!(name.as_str(), "button" | "textarea" | "select") => self.leave(),
            Token::Close(_) => {}
        }
    }

    fn input(&mut self, token: &Token) {
        let kind = token.attribute("type").unwrap_or("text").to_ascii_lowercase();
        match kind.as_str() {
            "submit" => {
                let mut button = self.button(token);
                button.text.clone_from(&button.value);
                self.form.buttons.push(button);
            }
            "checkbox" | "radio" if token.attribute("checked").is_none() => {}
            "button" | "reset" | "image" | "file" => {}
            _ => self.field(owned(token, "name"), owned(token, "value")),
        }
    }

    fn button(&self, token: &Token) -> Button {
        Button {
            name: token.attribute("name").map(str::to_owned),
            value: owned(token, "value"),
            text: String::new(),
            action: token.attribute("formaction").and_then(|action| self.form.page.resolve(action)),
        }
    }

    fn option(&mut self, token: &Token) {
        if let Inside::Select { chosen, first, .. } = &mut self.inside {
            let value = owned(token, "value");
            if token.attribute("selected").is_some() {
                *chosen = Some(value.clone());
            }
            first.get_or_insert(value);
        }
    }

    fn leave(&mut self) {
        match std::mem::replace(&mut self.inside, Inside::Nothing) {
            Inside::Nothing => {}
            Inside::Button(mut button) => {
                button.text = collapse(&button.text);
                self.form.buttons.push(button);
            }
            Inside::Area(name, value) => self.field(name, value),
            Inside::Select { name, chosen, first } => {
                self.field(name, chosen.or(first).unwrap_or_default());
            }
        }
    }

    fn field(&mut self, name: String, value: String) {
        if !name.is_empty() {
            self.form.fields.push((name, value));
        }
    }

    fn close(mut self) -> Form {
        self.leave();
        self.form
    }
}

fn owned(token: &Token, attribute: &str) -> String {
    token.attribute(attribute).unwrap_or_default().to_owned()
}
