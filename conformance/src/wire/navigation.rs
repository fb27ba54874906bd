//! What travels with a request because of who started it: `Sec-Fetch-*`, `Origin`, `Referer`, and the
//! relation that decides about cookies (Fetch §3.2, Fetch Metadata §2, RFC 6265bis §5.2).

use http::header::{ORIGIN, REFERER};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

use super::form_action::FormAction;
use super::jar::Relation;
use super::referrer::ReferrerPolicy;
use super::site::{Site, same_origin};

/// Who let the browser go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Activation {
    /// A person pressed or typed something.
    Person,
    /// A script, a meta refresh, an element of the page.
    Page,
}

/// What the response is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// A top-level page.
    Document,
    /// A picture inside a page.
    Image,
}

/// The page that started a request.
#[derive(Clone, Debug)]
pub(super) struct Initiator {
    pub(super) url: Url,
    pub(super) policy: ReferrerPolicy,
}

/// One request and the redirects that lead on from it.
#[derive(Clone, Debug)]
pub(super) struct Navigation {
    /// `None` for an address that a person typed.
    initiator: Option<Initiator>,
    activation: Activation,
    destination: Destination,
    /// Of a form submission only.
    form_action: Option<FormAction>,
    /// Every address so far, the present one last.
    chain: Vec<Url>,
    /// Fetch: a redirect between two foreign origins taints the origin.
    tainted: bool,
}

impl Navigation {
    pub(super) fn typed(url: Url) -> Self {
        Self::new(None, Activation::Person, url)
    }

    pub(super) fn from_page(initiator: Initiator, activation: Activation, url: Url) -> Self {
        Self::new(Some(initiator), activation, url)
    }

    fn new(initiator: Option<Initiator>, activation: Activation, url: Url) -> Self {
        Self {
            initiator,
            activation,
            destination: Destination::Document,
            form_action: None,
            chain: vec![url],
            tainted: false,
        }
    }

    pub(super) fn guarded(mut self, form_action: FormAction) -> Self {
        self.form_action = Some(form_action);
        self
    }

    pub(super) fn image(mut self) -> Self {
        self.destination = Destination::Image;
        self
    }

    pub(super) fn hops(&self) -> usize {
        self.chain.len()
    }

    /// The list that forbids the present address, if the submitted page's CSP has one.
    pub(super) fn forbidden_by(&self) -> Option<&str> {
        let url = self.chain.last()?;
        self.form_action.as_ref()?.forbids(url, self.chain.len() > 1)
    }

    /// Goes one redirect further; the answer's `Referrer-Policy` replaces the page's (Fetch §4.4).
    pub(super) fn redirect(&mut self, headers: &HeaderMap, next: Url) {
        if let (Some(initiator), Some(last)) = (&mut self.initiator, self.chain.last()) {
            let foreign = !same_origin(last, &next) && !same_origin(&initiator.url, last);
            self.tainted = self.tainted || foreign;
            initiator.policy = ReferrerPolicy::of(headers).unwrap_or(initiator.policy);
        }
        self.chain.push(next);
    }

    /// Cross-site as soon as the initiator or any address of the chain is.
    pub(super) fn relation(&self, method: &Method) -> Relation {
        let Some(target) = self.chain.last().map(Site::of) else {
            return Relation::CrossSite;
        };
        let mut others = self.initiator.iter().map(|page| &page.url).chain(&self.chain);
        if others.all(|url| Site::of(url) == target) {
            Relation::SameSite
        } else if self.destination == Destination::Document && method.is_safe() {
            Relation::CrossSiteNavigation
        } else {
            Relation::CrossSite
        }
    }

    /// The headers that a browser writes and no page can forge.
    pub(super) fn headers(&self, method: &Method) -> HeaderMap {
        let (mode, destination) = match self.destination {
            Destination::Document => ("navigate", "document"),
            Destination::Image => ("no-cors", "image"),
        };
        let mut headers = HeaderMap::new();
        let mut put =
            |name, value| headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        put("sec-fetch-site", self.fetch_site());
        put("sec-fetch-mode", mode);
        put("sec-fetch-dest", destination);
        if self.activation == Activation::Person && self.destination == Destination::Document {
            put("sec-fetch-user", "?1");
            put("upgrade-insecure-requests", "1");
        }
        self.put_origin(method, &mut headers);
        if let (Some(initiator), Some(target)) = (&self.initiator, self.chain.last())
            && let Some(referer) = initiator.policy.referer(&initiator.url, target)
            && let Ok(value) = HeaderValue::try_from(referer)
        {
            headers.insert(REFERER, value);
        }
        headers
    }

    /// Fetch Metadata §2.3: `none` for what a person typed, else the worst of the chain.
    fn fetch_site(&self) -> &'static str {
        let Some(initiator) = &self.initiator else {
            return "none";
        };
        let home = Site::of(&initiator.url);
        if self.chain.iter().any(|url| Site::of(url) != home) {
            "cross-site"
        } else if self.chain.iter().any(|url| !same_origin(url, &initiator.url)) {
            "same-site"
        } else {
            "same-origin"
        }
    }

    /// Fetch §3.2: unsafe methods name the origin, or `null` where taint or policy hides it.
    fn put_origin(&self, method: &Method, headers: &mut HeaderMap) {
        if matches!(*method, Method::GET | Method::HEAD) {
            return;
        }
        let Some(target) = self.chain.last() else { return };
        let shown = self.initiator.as_ref().filter(|page| !page.policy.hides_origin(&page.url, target));
        let origin = match shown {
            Some(page) if !self.tainted => page.url.origin().ascii_serialization(),
            Some(_) | None => "null".to_owned(),
        };
        if let Ok(value) = HeaderValue::try_from(origin) {
            headers.insert(ORIGIN, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn posted(policy: ReferrerPolicy, chain: &[&str]) -> Navigation {
        let page = Initiator { url: url("http://accounts.vestibule.localhost/form"), policy };
        let mut navigation = Navigation::from_page(page, Activation::Person, url(chain[0]));
        for next in &chain[1..] {
            navigation.redirect(&HeaderMap::new(), url(next));
        }
        navigation
    }

    #[test]
    fn origin_and_fetch_site_follow_the_chain() {
        const OWN: &str = "http://accounts.vestibule.localhost/in";
        const SISTER: &str = "http://acme.vestibule.localhost/in";
        const FOREIGN: &str = "http://okta.sandbox.localhost/in";
        const HOME: &str = "http://accounts.vestibule.localhost";
        let (strict, none) = (ReferrerPolicy::default(), ReferrerPolicy::NoReferrer);
        let rows = [
            ("own page", strict, vec![OWN], HOME, "same-origin"),
            ("own page under no-referrer", none, vec![OWN], "null", "same-origin"),
            ("own page under same-origin", ReferrerPolicy::SameOrigin, vec![OWN], HOME, "same-origin"),
            ("sister under same-origin", ReferrerPolicy::SameOrigin, vec![SISTER], "null", "same-site"),
            ("sister", strict, vec![SISTER], HOME, "same-site"),
            ("foreign", strict, vec![FOREIGN], HOME, "cross-site"),
            ("one redirect leaves", strict, vec![OWN, FOREIGN], HOME, "cross-site"),
            ("there and back", strict, vec![FOREIGN, OWN], "null", "cross-site"),
            ("over a sister and back", strict, vec![SISTER, OWN], "null", "same-site"),
        ];
        for (name, policy, chain, origin, site) in rows {
            let headers = posted(policy, &chain).headers(&Method::POST);
            assert_eq!(headers["origin"], origin, "{name}");
            assert_eq!(headers["sec-fetch-site"], site, "{name}");
            assert!(!posted(policy, &chain).headers(&Method::GET).contains_key("origin"), "{name}");
        }
    }

    #[test]
    fn the_relation_follows_initiator_chain_and_method() {
        let own = "http://accounts.vestibule.localhost/in";
        let foreign = "http://okta.sandbox.localhost/in";
        let rows = [
            ("same site", vec![own], Method::POST, Relation::SameSite),
            ("cross-site post", vec![foreign], Method::POST, Relation::CrossSite),
            ("cross-site get", vec![foreign], Method::GET, Relation::CrossSiteNavigation),
            ("back from elsewhere", vec![foreign, own], Method::GET, Relation::CrossSiteNavigation),
            ("back from elsewhere by post", vec![foreign, own], Method::POST, Relation::CrossSite),
        ];
        for (name, chain, method, relation) in rows {
            assert_eq!(posted(ReferrerPolicy::default(), &chain).relation(&method), relation, "{name}");
        }
        assert_eq!(
            posted(ReferrerPolicy::default(), &[foreign]).image().relation(&Method::GET),
            Relation::CrossSite
        );
        assert_eq!(Navigation::typed(url(own)).headers(&Method::GET)["sec-fetch-site"], "none");
    }
}
