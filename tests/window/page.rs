//! The window as a person uses it: finds things by the names the page gives them for tests.

use std::{path::PathBuf, time::Duration};

use fantoccini::{Client, Locator, elements::Element, key::Key};

/// How long the page may take to show something.
const LIMIT: Duration = Duration::from_secs(20);

pub(crate) struct Page {
    client: Client,
    /// Where a picture goes when something is not as it should be.
    picture: PathBuf,
}

impl Page {
    pub(crate) fn new(client: Client, picture: PathBuf) -> Self {
        Self { client, picture }
    }

    /// Ends the test, with a picture of the window as it is.
    async fn fail(&self, why: &str) -> ! {
        let mut kept = String::from("no picture could be taken");
        if let Ok(png) = self.client.screenshot().await
            && std::fs::write(&self.picture, png).is_ok()
        {
            kept = format!("a picture is in {}", self.picture.display());
        }
        panic!("{why}; {kept}; the window says:\n{}", self.text().await);
    }

    /// The first element of that name, once it is there.
    pub(crate) async fn find(&self, name: &str) -> Element {
        self.css(&named(name)).await
    }

    pub(crate) async fn css(&self, selector: &str) -> Element {
        match self.client.wait().at_most(LIMIT).for_element(Locator::Css(selector)).await {
            Ok(element) => element,
            Err(error) => self.fail(&format!("{selector} is not in the window: {error}")).await,
        }
    }

    /// Every element of that name that is there now.
    pub(crate) async fn all(&self, name: &str) -> Vec<Element> {
        self.client.find_all(Locator::Css(&named(name))).await.unwrap()
    }

    pub(crate) async fn click(&self, name: &str) {
        if let Err(error) = self.find(name).await.click().await {
            self.fail(&format!("{name} cannot be clicked: {error}")).await;
        }
    }

    /// Replaces what a field holds.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        let field = self.find(name).await;
        // The driver leaves a field that is half in sight where it is, and then cannot reach its middle.
        self.script(&format!("document.querySelector('{}').scrollIntoView({{ block: 'center' }})", named(name))).await;
        let mut done = field.clear().await;
        if done.is_ok() {
            done = field.send_keys(text).await;
        }
        if let Err(error) = done {
            self.fail(&format!("{name} cannot be filled in: {error}")).await;
        }
    }

    /// Presses these keys together in a field.
    pub(crate) async fn press(&self, name: &str, keys: &[Key]) {
        let chord: String = keys.iter().map(|key| char::from(*key)).collect();
        if let Err(error) = self.find(name).await.send_keys(&chord).await {
            self.fail(&format!("{name} takes no keys: {error}")).await;
        }
    }

    /// Opens a `<details>` by its summary, until it is open: the page may unfold it by itself at the
    /// same moment, so one click is not always right.
    pub(crate) async fn unfold(&self, summary: &str) {
        self.find(summary).await;
        let is_open = format!("return document.querySelector('{}').parentElement.open", named(summary));
        let open = async {
            while self.script(&is_open).await != true {
                self.click(summary).await;
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        };
        if tokio::time::timeout(LIMIT, open).await.is_err() {
            self.fail(&format!("{summary} does not unfold")).await;
        }
    }

    /// Waits until some element of that name shows `text`, and gives it back.
    pub(crate) async fn showing(&self, name: &str, text: &str) -> Element {
        self.showing_within(name, text, LIMIT).await
    }

    pub(crate) async fn showing_within(&self, name: &str, text: &str, limit: Duration) -> Element {
        let look = async {
            loop {
                for element in self.all(name).await {
                    // A list that is drawn anew takes its old rows away at any time.
                    if self.shows(&element, text).await {
                        return element;
                    }
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        match tokio::time::timeout(limit, look).await {
            Ok(element) => element,
            Err(_) => self.fail(&format!("{name} never showed {text:?}")).await,
        }
    }

    /// Presses the row that shows `text`, once the list holds what it was asked for last: until then
    /// its rows are drawn anew, each in the place of another.
    pub(crate) async fn open_row(&self, text: &str) {
        self.open_row_within(text, LIMIT).await;
    }

    pub(crate) async fn open_row_within(&self, text: &str, limit: Duration) {
        let list = "document.getElementById('thread-list')?.getAttribute('aria-busy') === 'false'";
        self.holds("the list is whole", &format!("return {list}")).await;
        if let Err(error) = self.showing_within("row", text, limit).await.click().await {
            self.fail(&format!("the row of {text:?} cannot be clicked: {error}")).await;
        }
    }

    /// Whether an element can be seen and holds `text`. Its own text is read, not the driver's idea
    /// of it, which leaves out what an ellipsis may cut.
    async fn shows(&self, element: &Element, text: &str) -> bool {
        let content = element.prop("textContent").await;
        content.is_ok_and(|content| content.is_some_and(|content| content.contains(text)))
            && element.is_displayed().await.unwrap_or(false)
    }

    /// Everything the window says.
    async fn text(&self) -> String {
        match self.client.find(Locator::Css("body")).await {
            Ok(body) => body.text().await.unwrap_or_default(),
            Err(_) => String::new(),
        }
    }

    /// What a script in the page answers.
    pub(crate) async fn script(&self, script: &str) -> serde_json::Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// What a promise of the page comes to.
    pub(crate) async fn settled(&self, promise: &str) -> serde_json::Value {
        let script = format!("const done = arguments[0]; ({promise}).then(done, done);");
        self.client.execute_async(&script, Vec::new()).await.unwrap()
    }

    /// Changes a setting as the settings screen does.
    pub(crate) async fn set(&self, key: &str, value: &str) {
        let call = format!("{{ method: 'config.set', params: {{ key: '{key}', value: '{value}' }} }}");
        let call = format!("window.__TAURI_INTERNALS__.invoke('rpc', {call})");
        let answer = self.settled(&format!("{call}.then(() => 'done', (error) => JSON.stringify(error))")).await;
        assert_eq!(answer, "done", "{key}");
    }

    /// Calls a command of the shell that must be refused, and gives back what it said.
    pub(crate) async fn refused(&self, command: &str, args: &str) -> String {
        let call = format!("window.__TAURI_INTERNALS__.invoke('{command}', {args})");
        let answer = self.settled(&format!("{call}.then(() => 'granted', (error) => JSON.stringify(error))")).await;
        answer.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until a script in the page answers `true`.
    pub(crate) async fn holds(&self, what: &str, script: &str) {
        let look = async {
            while self.script(script).await != true {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        if tokio::time::timeout(LIMIT, look).await.is_err() {
            self.fail(&format!("{what}: not so")).await;
        }
    }

    /// Closes the window, and the app with it.
    pub(crate) async fn close(self) {
        self.client.close().await.unwrap();
    }
}

fn named(name: &str) -> String {
    format!("[data-testid=\"{name}\"]")
}
