//! Is this request one that Microsoft documents?
//!
//! Everything is looked at: headers, the preferences in `Prefer`, each query option with its type,
//! enumeration and, where the reference pages say so, its limits; then the body. All reasons are
//! given at once.

use serde_json::Value;

use super::{
    super::{
        exchange::{Call, Incoming, Payload, Prefer},
        odata::{Comparison, Expand, Filter, Literal, Query, split},
        record::Resource,
    },
    Operation,
    extra::OF_FILES,
};

/// Headers any request may have.
const COMMON: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "client-request-id",
    "connection",
    "content-length",
    "content-type",
    "host",
    "prefer",
    "return-client-request-id",
    "transfer-encoding",
    "user-agent",
];

/// Properties of an attachment, to be selected where attachments are expanded.
const ATTACHMENT: &[&str] = &["contentType", "id", "isInline", "lastModifiedDateTime", "name", "size"];

/// The call a request means, or what is wrong with it.
pub(crate) fn validate<'a>(
    operation: &'a Operation,
    ids: Vec<String>,
    request: &Incoming,
) -> Result<Call<'a>, Vec<String>> {
    let mut wrong = Vec::new();
    for (name, _) in &request.headers {
        if !COMMON.contains(&name.as_str()) && !operation.headers.contains(name) {
            wrong.push(format!("header {name}: nobody documents it here"));
        }
    }
    let prefer = prefer(&request.list("prefer").unwrap_or_default(), &mut wrong);
    let query = query(operation, &request.query, &mut wrong);
    limits(operation, &query, &mut wrong);
    let body = payload(operation, request, &mut wrong);
    if wrong.is_empty() {
        Ok(Call { operation, ids, path: request.path.clone(), query, prefer, body })
    } else {
        Err(wrong)
    }
}

fn prefer(header: &str, wrong: &mut Vec<String>) -> Prefer {
    let mut prefer = Prefer::default();
    for part in header.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        match (name.trim().to_lowercase().as_str(), value.trim().trim_matches('"')) {
            ("idtype", "ImmutableId") => prefer.immutable = true,
            ("odata.maxpagesize", size) if size.parse::<usize>().is_ok_and(|size| size > 0) => {
                prefer.page = size.parse().ok();
            }
            ("outlook.body-content-type", "text") => prefer.text = Some(true),
            ("outlook.body-content-type", "html") => prefer.text = Some(false),
            ("include-unknown-enum-members", "") => prefer.unknown_members = true,
            _ => wrong.push(format!("Prefer: nobody documents {part}")),
        }
    }
    prefer
}

fn query(operation: &Operation, text: &str, wrong: &mut Vec<String>) -> Query {
    let mut query = Query::default();
    let mut names: Vec<String> = Vec::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (Some(name), Some(value)) = (decode(name), decode(value)) else {
            wrong.push("the query is not UTF-8".to_owned());
            continue;
        };
        if names.contains(&name) {
            wrong.push(format!("{name} is given twice"));
        }
        names.push(name.clone());
        if matches!(name.as_str(), "$skiptoken" | "$deltatoken") {
            if operation.paged {
                query.token = Some(value);
            } else {
                wrong.push(format!("{name}: this is not a list"));
            }
            continue;
        }
        let Some(schema) = operation.query.get(&name) else {
            wrong.push(format!("{name}: nobody documents this option here"));
            continue;
        };
        let result = one(&name, &value, schema, operation, &mut query);
        wrong.extend(result.err().map(|reason| format!("{name}={value}: {reason}")));
    }
    query
}

fn decode(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    percent_encoding::percent_decode_str(&text).decode_utf8().ok().map(|text| text.into_owned())
}

fn one(name: &str, value: &str, schema: &Value, operation: &Operation, query: &mut Query) -> Result<(), String> {
    let number = || value.parse::<usize>().map_err(|_| "a number that is not negative is expected".to_owned());
    let flag = || match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("true or false is expected".to_owned()),
    };
    let list = |items: &mut dyn FnMut(&str) -> Result<(), String>| {
        let parts = split(value, ',');
        for (place, part) in parts.iter().enumerate() {
            if parts.get(..place).is_some_and(|before| before.contains(part)) {
                return Err(format!("{part} is given twice"));
            }
            items(part)?;
        }
        Ok(())
    };
    match name {
        "$top" => query.top = Some(number()?),
        "$skip" => query.skip = number()?,
        "$count" => query.count = flag()?,
        "$search" => query.search = Some(value.trim_matches('"').to_owned()),
        "$select" => {
            list(&mut |part| {
                among(schema, part)?;
                query.select.get_or_insert_default().push(part.to_owned());
                Ok(())
            })?;
        }
        "$orderby" => {
            list(&mut |part| {
                let plain = part.strip_suffix(" asc").unwrap_or(part);
                among(schema, plain)?;
                let (path, descending) = match plain.strip_suffix(" desc") {
                    Some(path) => (path, true),
                    None => (plain, false),
                };
                query.orderby.push((path.to_owned(), descending));
                Ok(())
            })?;
        }
        "$expand" => {
            list(&mut |part| {
                query.expand.push(expand(schema, part)?);
                Ok(())
            })?;
        }
        "$filter" => {
            let filter = Filter::parse(value)?;
            if let Some(selectable) = operation.query.get("$select") {
                for path in filter.paths() {
                    among(selectable, path.split('/').next().unwrap_or(path))?;
                }
            }
            for (path, literal) in filter.compared() {
                let name = path.rsplit('/').next().unwrap_or(path);
                let flag = ["is", "has"]
                    .iter()
                    .any(|start| name.strip_prefix(start).is_some_and(|rest| rest.starts_with(char::is_uppercase)));
                let fits = match literal {
                    Literal::Null => true,
                    Literal::Moment(_) => name.ends_with("DateTime"),
                    Literal::Bool(_) => flag,
                    Literal::Text(_) | Literal::Number(_) => !flag && !name.ends_with("DateTime"),
                };
                if !fits {
                    return Err(format!("{path} is compared with a value of another type"));
                }
            }
            query.filter = Some(filter);
        }
        _ => {
            if schema["type"] == "boolean" {
                flag()?;
            }
            query.others.push((name.to_owned(), value.to_owned()));
        }
    }
    Ok(())
}

fn among(schema: &Value, value: &str) -> Result<(), String> {
    match schema["items"]["enum"].as_array() {
        Some(values) if !values.iter().any(|known| known == value) => Err(format!("{value} is not known here")),
        _ => Ok(()),
    }
}

fn expand(schema: &Value, part: &str) -> Result<Expand, String> {
    let (name, options) = match part.split_once('(') {
        Some((name, rest)) => (name, rest.strip_suffix(')').ok_or("a parenthesis does not end")?),
        None => (part, ""),
    };
    among(schema, name)?;
    let mut select = None;
    let mut deeper = Vec::new();
    for option in split(options, ';').into_iter().filter(|option| !option.is_empty()) {
        match option.split_once('=') {
            Some(("$select", names)) => {
                let names: Vec<String> = names.split(',').map(|name| name.trim().to_owned()).collect();
                let known = |wanted: &&String| ATTACHMENT.iter().chain(OF_FILES).any(|name| name == wanted);
                if let Some(unknown) = names.iter().find(|wanted| name == "attachments" && !known(wanted)) {
                    return Err(format!("{unknown} is not known of an attachment"));
                }
                select = Some(names);
            }
            // Of a type the files do not describe here; what is not known below is refused there.
            Some(("$expand", names)) => {
                for name in split(names, ',') {
                    deeper.push(expand(&Value::Null, name)?);
                }
            }
            Some(("$filter", filter)) => drop(Filter::parse(filter)?),
            Some(("$top", top)) => drop(top.parse::<usize>().map_err(|_| "a number is expected".to_owned())?),
            _ => return Err(format!("{option} is not known in $expand")),
        }
    }
    Ok(Expand { name: name.to_owned(), select, expand: deeper })
}

/// What the reference pages restrict beyond the files.
fn limits(operation: &Operation, query: &Query, wrong: &mut Vec<String>) {
    let template = operation.template;
    let most = match operation.resource {
        Resource::Mail => 1000,
        Resource::Teams => 50,
        Resource::OneNote => 100,
        _ => usize::MAX,
    };
    if query.top.is_some_and(|top| top > most || top == 0) {
        wrong.push(format!("$top: 1 to {most}"));
    }
    if operation.resource == Resource::Mail && template.ends_with("/delta") {
        // "message: delta": receivedDateTime alone, ge or gt; one order; no search.
        let good = match &query.filter {
            None => true,
            Some(Filter::Compare(path, comparison, _)) => {
                path == "receivedDateTime"
                    && matches!(comparison, Comparison::Ge | Comparison::Gt)
                    && template.ends_with("/messages/delta")
            }
            Some(_) => false,
        };
        if !good {
            wrong.push("$filter: a delta takes receivedDateTime ge or gt and nothing else".to_owned());
        }
        if query.search.is_some() {
            wrong.push("$search: a delta does not search".to_owned());
        }
        if query.orderby.iter().any(|(path, descending)| path != "receivedDateTime" || !descending) {
            wrong.push("$orderby: a delta takes receivedDateTime desc and nothing else".to_owned());
        }
    }
    if operation.resource == Resource::Mail && !template.ends_with("/delta") {
        if let (Some(filter), false) = (&query.filter, query.orderby.is_empty()) {
            // "List messages": what is ordered by comes in the filter too, in that order, first.
            let paths = filter.paths();
            if !query.orderby.iter().zip(0..).all(|((path, _), place)| paths.get(place) == Some(&path.as_str())) {
                wrong.push("$orderby: its properties come first in $filter (ErrorInefficientFilter)".to_owned());
            }
        }
        if query.search.is_some() && (query.filter.is_some() || !query.orderby.is_empty()) {
            wrong.push("$search: not with $filter or $orderby".to_owned());
        }
    }
    if operation.resource == Resource::Teams {
        if template.contains("channels") && template.contains("messages") {
            // "List channel messages": $top and $expand.
            if query.filter.is_some() || !query.orderby.is_empty() || query.search.is_some() || query.skip > 0 {
                wrong.push("a channel's messages take $top and $expand and nothing else".to_owned());
            }
        } else if query.orderby.iter().any(|(_, descending)| !descending) {
            wrong.push("$orderby: descending only".to_owned());
        }
        let times = ["lastModifiedDateTime", "createdDateTime"];
        if template.ends_with("/messages") && query.orderby.iter().any(|(path, _)| !times.contains(&path.as_str())) {
            wrong.push("$orderby: messages are ordered by lastModifiedDateTime or createdDateTime".to_owned());
        }
    }
    if operation.resource == Resource::OneNote && query.search.is_some() {
        wrong.push("$search: retired in OneNote".to_owned());
    }
}

fn payload(operation: &Operation, request: &Incoming, wrong: &mut Vec<String>) -> Payload {
    if request.body.is_empty() {
        if operation.body_required {
            wrong.push("a body is required".to_owned());
        }
        return Payload::None;
    }
    if operation.bodies.is_empty() {
        wrong.push("a body is given where there is none".to_owned());
        return Payload::None;
    }
    let header = request.header("content-type").unwrap_or_default();
    let media = header.split(';').next().unwrap_or_default().trim().to_lowercase();
    match operation.bodies.iter().find(|(known, _)| *known == media) {
        None => {
            wrong.push(format!("Content-Type: {media:?} is not taken here"));
            Payload::None
        }
        Some((_, None)) => Payload::Other(header.to_owned(), request.body.clone()),
        Some((_, Some(check))) => match serde_json::from_slice(&request.body) {
            Ok(value) => {
                wrong.extend(check.complaints(&value).into_iter().map(|reason| format!("body {reason}")));
                Payload::Json(value)
            }
            Err(error) => {
                wrong.push(format!("the body is not JSON: {error}"));
                Payload::None
            }
        },
    }
}
