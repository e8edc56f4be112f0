//! OData query options: what was asked, and doing it (OData 4.01 part 2 §5.1).

use serde_json::{Map, Value};

/// The query of a good request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    pub(crate) top: Option<usize>,
    pub(crate) skip: usize,
    pub(crate) count: bool,
    pub(crate) search: Option<String>,
    pub(crate) select: Option<Vec<String>>,
    pub(crate) expand: Vec<Expand>,
    /// Path of a property, and whether descending.
    pub(crate) orderby: Vec<(String, bool)>,
    pub(crate) filter: Option<Filter>,
    /// `$skiptoken` or `$deltatoken`.
    pub(crate) token: Option<String>,
    /// Options that are not OData's: `includeHiddenFolders`, `includeIDs`.
    pub(crate) others: Vec<(String, String)>,
}

#[derive(Clone, Debug)]
pub(crate) struct Expand {
    pub(crate) name: String,
    pub(crate) select: Option<Vec<String>>,
    pub(crate) expand: Vec<Expand>,
}

impl Expand {
    pub(crate) fn of(name: &str) -> Self {
        Self { name: name.to_owned(), select: None, expand: Vec::new() }
    }
}

impl Query {
    pub(crate) fn expands(&self, name: &str) -> bool {
        self.expand.iter().any(|expand| expand.name == name || expand.name == "*")
    }

    pub(crate) fn flag(&self, name: &str) -> bool {
        self.others.iter().any(|(known, value)| known == name && value.eq_ignore_ascii_case("true"))
    }
}

/// A condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Filter {
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Not(Box<Filter>),
    Compare(String, Comparison, Literal),
    StartsWith(String, String),
    Contains(String, String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Eq,
    Ne,
    Gt,
    Ge,
    Lt,
    Le,
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    /// A moment, which is written without quotes.
    Moment(jiff::Timestamp),
}

impl Filter {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut words = words(text)?;
        words.reverse();
        let filter = either(&mut words)?;
        match words.pop() {
            None => Ok(filter),
            Some(word) => Err(format!("nothing is expected at {word:?}")),
        }
    }

    /// The paths it names, in order.
    pub(crate) fn paths(&self) -> Vec<&str> {
        match self {
            Self::And(a, b) | Self::Or(a, b) => {
                let mut paths = a.paths();
                paths.extend(b.paths());
                paths
            }
            Self::Not(inner) => inner.paths(),
            Self::Compare(path, ..) | Self::StartsWith(path, _) | Self::Contains(path, _) => vec![path],
        }
    }

    /// What its paths are compared with.
    pub(crate) fn compared(&self) -> Vec<(&str, &Literal)> {
        match self {
            Self::And(a, b) | Self::Or(a, b) => a.compared().into_iter().chain(b.compared()).collect(),
            Self::Not(inner) => inner.compared(),
            Self::Compare(path, _, literal) => vec![(path, literal)],
            Self::StartsWith(..) | Self::Contains(..) => Vec::new(),
        }
    }

    /// Whether it holds; `get` gives the value of a path.
    pub(crate) fn holds(&self, get: &dyn Fn(&str) -> Value) -> bool {
        match self {
            Self::And(a, b) => a.holds(get) && b.holds(get),
            Self::Or(a, b) => a.holds(get) || b.holds(get),
            Self::Not(inner) => !inner.holds(get),
            Self::StartsWith(path, start) => {
                get(path).as_str().is_some_and(|text| text.to_lowercase().starts_with(&start.to_lowercase()))
            }
            Self::Contains(path, part) => {
                get(path).as_str().is_some_and(|text| text.to_lowercase().contains(&part.to_lowercase()))
            }
            Self::Compare(path, comparison, literal) => {
                compare(&get(path), literal).map_or(*comparison == Comparison::Ne, |order| match comparison {
                    Comparison::Eq => order.is_eq(),
                    Comparison::Ne => order.is_ne(),
                    Comparison::Gt => order.is_gt(),
                    Comparison::Ge => order.is_ge(),
                    Comparison::Lt => order.is_lt(),
                    Comparison::Le => order.is_le(),
                })
            }
        }
    }
}

fn compare(value: &Value, literal: &Literal) -> Option<std::cmp::Ordering> {
    match (value, literal) {
        (Value::Null, Literal::Null) => Some(std::cmp::Ordering::Equal),
        (Value::Bool(a), Literal::Bool(b)) => Some(a.cmp(b)),
        (Value::Number(a), Literal::Number(b)) => a.as_f64()?.partial_cmp(b),
        (Value::String(a), Literal::Text(b)) => Some(a.as_str().cmp(b.as_str())),
        (Value::String(a), Literal::Moment(b)) => Some(instant(a)?.cmp(b)),
        _ => None,
    }
}

fn instant(text: &str) -> Option<jiff::Timestamp> {
    text.get(4..5).filter(|dash| *dash == "-").and_then(|_| text.parse().ok())
}

fn words(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(&letter) = letters.peek() {
        match letter {
            ' ' => {
                letters.next();
            }
            '(' | ')' | ',' => {
                letters.next();
                words.push(letter.to_string());
            }
            '\'' => {
                letters.next();
                let mut literal = String::from("'");
                loop {
                    match letters.next() {
                        // A quote in a string is written twice.
                        Some('\'') if letters.peek() == Some(&'\'') => {
                            letters.next();
                            literal.push('\'');
                        }
                        Some('\'') => break,
                        Some(letter) => literal.push(letter),
                        None => return Err("a string does not end".to_owned()),
                    }
                }
                words.push(literal);
            }
            _ => {
                let mut word = String::new();
                while let Some(&letter) = letters.peek() {
                    if matches!(letter, ' ' | '(' | ')' | ',' | '\'') {
                        break;
                    }
                    word.push(letter);
                    letters.next();
                }
                words.push(word);
            }
        }
    }
    Ok(words)
}

/// The words in reverse, so that the next one is the last.
type Words = Vec<String>;

fn either(words: &mut Words) -> Result<Filter, String> {
    let mut left = both(words)?;
    while words.last().is_some_and(|word| word == "or") {
        words.pop();
        left = Filter::Or(Box::new(left), Box::new(both(words)?));
    }
    Ok(left)
}

fn both(words: &mut Words) -> Result<Filter, String> {
    let mut left = term(words)?;
    while words.last().is_some_and(|word| word == "and") {
        words.pop();
        left = Filter::And(Box::new(left), Box::new(term(words)?));
    }
    Ok(left)
}

fn term(words: &mut Words) -> Result<Filter, String> {
    let word = next(words)?;
    match word.as_str() {
        "not" => Ok(Filter::Not(Box::new(term(words)?))),
        "(" => {
            let inner = either(words)?;
            expect(words, ")")?;
            Ok(inner)
        }
        "startswith" | "startsWith" | "contains" if words.last().is_some_and(|word| word == "(") => {
            expect(words, "(")?;
            let path = next(words)?;
            expect(words, ",")?;
            let Literal::Text(part) = literal(&next(words)?)? else { return Err("a string is expected".to_owned()) };
            expect(words, ")")?;
            Ok(if word == "contains" { Filter::Contains(path, part) } else { Filter::StartsWith(path, part) })
        }
        path => {
            let comparison = match next(words)?.as_str() {
                "eq" => Comparison::Eq,
                "ne" => Comparison::Ne,
                "gt" => Comparison::Gt,
                "ge" => Comparison::Ge,
                "lt" => Comparison::Lt,
                "le" => Comparison::Le,
                other => return Err(format!("{other:?} is no comparison")),
            };
            Ok(Filter::Compare(path.to_owned(), comparison, literal(&next(words)?)?))
        }
    }
}

fn next(words: &mut Words) -> Result<String, String> {
    words.pop().ok_or_else(|| "it ends too early".to_owned())
}

fn expect(words: &mut Words, wanted: &str) -> Result<(), String> {
    let word = next(words)?;
    if word == wanted { Ok(()) } else { Err(format!("{wanted:?} is expected at {word:?}")) }
}

fn literal(word: &str) -> Result<Literal, String> {
    match word {
        "null" => Ok(Literal::Null),
        "true" => Ok(Literal::Bool(true)),
        "false" => Ok(Literal::Bool(false)),
        _ => match word.strip_prefix('\'') {
            Some(text) => Ok(Literal::Text(text.to_owned())),
            None => match word.parse::<f64>() {
                Ok(number) => Ok(Literal::Number(number)),
                Err(_) => word.parse().map(Literal::Moment).map_err(|_| format!("{word:?} is no literal")),
            },
        },
    }
}

/// Splits a list at its commas, not at those in parentheses or quotes.
pub(crate) fn split(list: &str, at: char) -> Vec<&str> {
    let (mut depth, mut quoted, mut start) = (0usize, false, 0);
    let mut parts = Vec::new();
    for (place, letter) in list.char_indices() {
        match letter {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ if letter == at && depth == 0 && !quoted => {
                parts.extend(list.get(start..place));
                start = place + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.extend(list.get(start..));
    parts.into_iter().map(str::trim).collect()
}

/// The value at `a/b` of an object; null where there is none.
pub(crate) fn at(value: &Value, path: &str) -> Value {
    let mut at = value;
    for step in path.split('/') {
        match at.get(step) {
            Some(inner) => at = inner,
            None => return Value::Null,
        }
    }
    at.clone()
}

/// Only the properties selected, the id (which Graph always gives), and annotations.
pub(crate) fn project(mut object: Map<String, Value>, select: Option<&[String]>) -> Map<String, Value> {
    if let Some(select) = select {
        object.retain(|name, _| {
            name == "id"
                || name.contains('@')
                || select.iter().any(|wanted| wanted == name || wanted.rsplit('/').next() == Some(name))
        });
    }
    object
}

/// Sorts by the order that was asked.
pub(crate) fn sort<T>(items: &mut [T], orderby: &[(String, bool)], get: impl Fn(&T, &str) -> Value) {
    if orderby.is_empty() {
        return;
    }
    items.sort_by(|a, b| {
        for (path, descending) in orderby {
            let order = rank(&get(a, path), &get(b, path));
            let order = if *descending { order.reverse() } else { order };
            if order.is_ne() {
                return order;
            }
        }
        std::cmp::Ordering::Equal
    });
}

fn rank(a: &Value, b: &Value) -> std::cmp::Ordering {
    match (a, b) {
        (Value::String(a), Value::String(b)) => match (instant(a), instant(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.to_lowercase().cmp(&b.to_lowercase()),
        },
        (Value::Number(a), Value::Number(b)) => {
            a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(std::cmp::Ordering::Equal)
        }
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Null, Value::Null) => std::cmp::Ordering::Equal,
        (Value::Null, _) => std::cmp::Ordering::Less,
        (_, Value::Null) => std::cmp::Ordering::Greater,
        _ => std::cmp::Ordering::Equal,
    }
}
