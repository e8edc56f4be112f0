//! A person with a browser, as far as signing in needs one: pages, cookies, redirects and forms.

use std::{collections::BTreeMap, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use url::Url;

const LIMIT: Duration = Duration::from_secs(30);

/// An answer over HTTP.
#[derive(Clone, Debug)]
pub struct HttpAnswer {
    /// Status.
    pub status: u16,
    /// Headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: String,
}

impl HttpAnswer {
    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(have, _)| have == name).map(|(_, value)| value.as_str())
    }
}

/// Sends a request as it stands to a port of this computer, and reads to the end of the connection.
/// The request says `Connection: close`.
///
/// # Panics
/// When nobody answers there.
pub async fn http(port: u16, request: &str) -> HttpAnswer {
    crate::timeout(LIMIT, async {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("somebody listens");
        stream.write_all(request.as_bytes()).await.expect("a request");
        let mut bytes = Vec::new();
        // Whoever refuses a request early may close before all of it was read.
        let _ = stream.read_to_end(&mut bytes).await;
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        HttpAnswer { status: status.unwrap_or_else(|| panic!("no HTTP: {text}")), headers, body: body.to_owned() }
    })
    .await
}

/// A person who signs in.
#[derive(Default)]
pub struct Visitor {
    cookies: BTreeMap<(u16, String), String>,
}

impl Visitor {
    /// Opens the provider's page, signs in as `login` and consents; returns where the browser would go
    /// next, which is back to the app.
    ///
    /// # Panics
    /// When the pages do not end there.
    pub async fn consent(&mut self, page: &str, login: &str) -> Url {
        match self.walk(page, login, true).await {
            Ended::Away(url) => url,
            Ended::Page(page) => panic!("the provider kept the browser: {}", page.body),
        }
    }

    /// As [`Self::consent`], and follows the browser back to the app; returns the page it shows.
    pub async fn sign_in(&mut self, page: &str, login: &str) -> HttpAnswer {
        let back = self.consent(page, login).await;
        self.go(&back).await
    }

    /// Opens the provider's page, and leaves it by its link for those who do not want to.
    ///
    /// # Panics
    /// When there is none.
    pub async fn decline(&mut self, page: &str) -> Url {
        match self.walk(page, "", false).await {
            Ended::Away(url) => url,
            Ended::Page(page) => panic!("the provider kept the browser: {}", page.body),
        }
    }

    /// Types a code on the page for devices, signs in and consents.
    ///
    /// # Panics
    /// When the browser is sent elsewhere.
    pub async fn type_code(&mut self, page: &str, login: &str) -> HttpAnswer {
        match self.walk(page, login, true).await {
            Ended::Page(page) => page,
            Ended::Away(url) => panic!("the browser was sent to {url}"),
        }
    }

    /// Opens an address.
    pub async fn go(&mut self, url: &Url) -> HttpAnswer {
        self.send(url, None).await
    }

    async fn walk(&mut self, page: &str, login: &str, willing: bool) -> Ended {
        let mut url = Url::parse(page).expect("an address");
        let home = url.port();
        let mut body = None;
        for _ in 0..20 {
            let answer = self.send(&url, body.take()).await;
            if let Some(location) = answer.header("location") {
                url = url.join(location).expect("an address");
                if url.port() != home {
                    return Ended::Away(url);
                }
                continue;
            }
            if !willing && let Some(link) = attribute(&answer.body, "href", |link| link.ends_with("/abort")) {
                url = url.join(&link).expect("an address");
                continue;
            }
            let Some((action, fields)) = form(&answer.body, login) else { return Ended::Page(answer) };
            url = url.join(&action).expect("an address");
            body = Some(fields);
        }
        panic!("the provider sends the browser around in circles");
    }

    async fn send(&mut self, url: &Url, body: Option<String>) -> HttpAnswer {
        let port = url.port().expect("a port of this computer");
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .filter(|((of, _), _)| *of == port)
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
        let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
        let mut request = format!(
            "{} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n",
            match body {
                Some(_) => "POST",
                None => "GET",
            }
        );
        if !cookies.is_empty() {
            request += &format!("Cookie: {}\r\n", cookies.join("; "));
        }
        if let Some(body) = &body {
            request +=
                &format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n", body.len());
        }
        request += "\r\n";
        request += &body.unwrap_or_default();
        let answer = http(port, &request).await;
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.insert((port, name.to_owned()), value.to_owned());
            }
        }
        answer
    }
}

enum Ended {
    /// The browser is sent to another server.
    Away(Url),
    /// A page with nothing to fill in.
    Page(HttpAnswer),
}

/// The first form of a page: where it goes, and its fields filled in.
fn form(html: &str, login: &str) -> Option<(String, String)> {
    let html = &html[html.find("<form")?..];
    let html = &html[..html.find("</form>")?];
    let action = attribute(html, "action", |_| true)?;
    let mut fields = url::form_urlencoded::Serializer::new(String::new());
    for input in html.split("<input").skip(1) {
        let Some(name) = attribute(input, "name", |_| true) else { continue };
        let value = match name.as_str() {
            "login" => login.to_owned(),
            "password" => "any".to_owned(),
            _ => attribute(input, "value", |_| true).unwrap_or_default(),
        };
        fields.append_pair(&name, &value);
    }
    Some((action, fields.finish()))
}

fn attribute(html: &str, name: &str, wanted: impl Fn(&str) -> bool) -> Option<String> {
    html.split(&format!("{name}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(|value| value.replace("&amp;", "&").replace("&#x2F;", "/"))
        .find(|value| wanted(value))
}
