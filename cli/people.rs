//! `inlet people`: everybody, what is known of one of them, and which handles belong together.
//!
//! A person has no number: they are called by any handle of theirs, an address, a telephone number or a name on a
//! platform. It is what every list shows, and joining people never gives them another one. A number was refused: it would
//! be made anew whenever people are joined, and name somebody else in the next script.

use clap::Subcommand;
use inlet_actions::State;
use inlet_orchestrator::App;
use inlet_orchestrator::api::ApiError;
use inlet_orchestrator::api::types::{Joined, Likeness, Nothing, PeoplePage, PersonIdentity, PersonRow, PersonView};
use serde::Serialize;
use serde_json::{Value, json};

use crate::print::{Out, clean, when};
use crate::run::{Exit, Failure, ask};

/// Its part of the grammar.
#[derive(Subcommand)]
pub(crate) enum People {
    /// List everybody, those with most contact first
    List {
        /// Only those whose name or handle has a word that begins so
        query: Vec<String>,
        /// Most rows; 200 at most
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
        limit: u32,
        /// The `next` of the page before
        #[arg(long, value_name = "KEY")]
        after: Option<u32>,
    },
    /// Say what is known of somebody, and who may be the same person
    Show {
        /// Any handle of theirs, as `list` tells it
        id: String,
    },
    /// Say that two are one person; nobody else does
    Merge {
        /// Any handle of the one
        #[arg(value_name = "A")]
        one: String,
        /// Any handle of the other
        #[arg(value_name = "B")]
        other: String,
    },
    /// Say that a handle is a person of its own; several named together are one person
    Split {
        /// The handle
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
}

pub(crate) async fn run(app: &App, out: Out, command: Option<&People>) -> Result<Exit, Failure> {
    match command {
        None => list(app, out, &[], 50, 0).await?,
        Some(People::List { query, limit, after }) => list(app, out, query, *limit, after.unwrap_or(0)).await?,
        Some(People::Show { id }) => {
            let person = somebody(app, id).await?;
            out.value(&named(&person)?, || shown(&person));
        }
        Some(People::Merge { one, other }) => merge(app, out, one, other).await?,
        Some(People::Split { ids }) => split(app, out, ids).await?,
    }
    Ok(Exit::Done)
}

/// Somebody in the list.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    #[serde(flatten)]
    row: &'a PersonRow,
}

async fn list(app: &App, out: Out, query: &[String], limit: u32, skip: u32) -> Result<(), Failure> {
    let params = json!({ "query": query.join(" "), "limit": limit, "skip": skip });
    let page: PeoplePage = ask(app, "people.list", params).await?;
    let reached = skip.saturating_add(u32::try_from(page.people.len()).unwrap_or(u32::MAX));
    let next = (!page.people.is_empty() && u64::from(reached) < page.total).then(|| reached.to_string());
    let rows: Vec<Row<'_>> = page.people.iter().map(|row| Row { id: &row.party.handle, row }).collect();
    out.value(&json!({ "people": rows, "total": page.total, "next": next }), || listed(&page, next.as_deref()));
    Ok(())
}

/// Whom this handle belongs to.
async fn somebody(app: &App, id: &str) -> Result<PersonView, Failure> {
    let person: PersonView = ask(app, "person.get", json!({ "handle": id })).await?;
    if person.known { Ok(person) } else { Err(ApiError::not_found(format!("The person \"{id}\"")).into()) }
}

async fn merge(app: &App, out: Out, one: &str, other: &str) -> Result<(), Failure> {
    let (first, second) = (somebody(app, one).await?, somebody(app, other).await?);
    let pair = json!({ "one": first.party.handle, "other": second.party.handle });
    let joined: Joined = ask(app, "people.join", pair).await?;
    let mut value = serde_json::to_value(&joined).unwrap_or_default();
    if let Some(value) = value.as_object_mut() {
        value.insert("id".into(), json!(first.party.handle));
    }
    out.value(&value, || match joined.groups.as_slice() {
        [_, others] => {
            let back = others.iter().map(|handle| quoted(handle)).collect::<Vec<_>>().join(" ");
            let (one, other) = (clean(first.party.label()), clean(second.party.label()));
            let apart = if joined.apart { " You had kept them apart." } else { "" };
            format!("{one} and {other} are one person now.{apart} \"inlet people split {back}\" takes it back.")
        }
        _ => "They are one person already.".to_owned(),
    });
    Ok(())
}

async fn split(app: &App, out: Out, ids: &[String]) -> Result<(), Failure> {
    let mut leaving: Vec<PersonView> = Vec::with_capacity(ids.len());
    for id in ids {
        leaving.push(somebody(app, id).await?);
    }
    let handles: Vec<&str> = leaving.iter().map(|person| person.party.handle.as_str()).collect();
    let all = leaving.first().map(|person| person.handles.clone()).unwrap_or_default();
    let (handle, with) = (handles.first(), handles.get(1..).unwrap_or_default());
    ask::<Nothing>(app, "people.split", json!({ "handle": handle, "with": with })).await?;
    let stays: Vec<&String> = all.iter().filter(|handle| !handles.contains(&handle.as_str())).collect();
    let value = json!({ "id": handle, "handles": handles, "stays": stays });
    out.value(&value, || match (handles.as_slice(), stays.first()) {
        ([one, ..], Some(other)) => {
            let all = |handles: &mut dyn Iterator<Item = &str>| handles.map(clean).collect::<Vec<_>>().join(" and ");
            let (who, whose) =
                (all(&mut handles.iter().copied()), all(&mut stays.iter().map(|handle| handle.as_str())));
            let back = format!("{} {}", quoted(other), quoted(one));
            format!("{who} is not one person with {whose} any more. \"inlet people merge {back}\" takes it back.")
        }
        _ => "This is a person of its own already.".to_owned(),
    });
    Ok(())
}

/// What is known of somebody, under the name they are asked for by.
fn named(person: &PersonView) -> Result<Value, Failure> {
    let mut value =
        serde_json::to_value(person).map_err(|error| ApiError::invalid(format!("It cannot be written: {error}.")))?;
    if let Some(value) = value.as_object_mut() {
        value.insert("id".into(), json!(person.party.handle));
    }
    Ok(value)
}

/// A handle as it is typed: names of people in exported chats have blanks.
fn quoted(handle: &str) -> String {
    let handle = clean(handle);
    let plain = |c: char| c.is_alphanumeric() || "@.+-_:".contains(c);
    if handle.chars().all(plain) { handle } else { format!("'{}'", handle.replace('\'', r"'\''")) }
}

fn listed(page: &PeoplePage, next: Option<&str>) -> String {
    let mut text = String::new();
    for row in &page.people {
        let vip = if row.vip { '*' } else { ' ' };
        let last = row.last.map_or_else(|| "never".to_owned(), when);
        let where_to: Vec<&str> = row.platforms.iter().map(|kind| kind.as_str()).collect();
        text.push_str(&format!(
            "{vip} {:<36} {last:<16} {:<24.24} {}{}\n",
            quoted(&row.party.handle),
            clean(row.party.name.as_deref().unwrap_or_default()),
            where_to.join(", "),
            if row.handles > 1 { format!(" ({} handles)", row.handles) } else { String::new() },
        ));
    }
    match next {
        Some(next) => text.push_str(&format!("{} of {}; go on with --after {next}\n", page.people.len(), page.total)),
        None if page.people.is_empty() => text.push_str("Nobody is known by that.\n"),
        None => {}
    }
    text
}

fn shown(person: &PersonView) -> String {
    let vip = if person.vip { " (important to you)" } else { "" };
    let mut text = format!("{}{vip}\n", clean(person.party.label()));
    let is_theirs = |one: &&PersonIdentity| matches!(one.likeness, Likeness::Handle | Likeness::Joined);
    for handle in &person.handles {
        let met = person.identities.iter().filter(is_theirs).filter(|one| one.party.handle == *handle);
        let met: Vec<&str> = met.map(|one| one.source_type.as_str()).collect();
        let met = if met.is_empty() { "address book".to_owned() } else { met.join(", ") };
        text.push_str(&format!("    {:<36} {met}\n", quoted(handle)));
    }
    text.push_str(&format!("They wrote {} messages, you wrote {} to them", person.received, person.sent));
    if let Some((first, last)) = person.first.zip(person.last) {
        text.push_str(&format!(", from {} to {}", when(first), when(last)));
    }
    text.push_str(".\n");
    for one in person.identities.iter().filter(|one| !is_theirs(one)) {
        let (other, me) = (quoted(&one.party.handle), quoted(&person.party.handle));
        text.push_str(&format!(
            "May be the same person: {other}, by {}; \"inlet people merge {me} {other}\" says so.\n",
            reason(one.likeness)
        ));
    }
    for open in &person.open {
        let owes = if open.state == State::Waiting { "They owe" } else { "You owe" };
        text.push_str(&format!("{owes}: {:<7} {}\n", open.thread.to_string(), clean(&open.sentence)));
    }
    for row in &person.threads {
        let title = if row.title.is_empty() { &row.snippet } else { &row.title };
        text.push_str(&format!("{:<7} {}  {}\n", row.id.to_string(), when(row.at), clean(title)));
    }
    text
}

/// Why two may be one.
fn reason(likeness: Likeness) -> &'static str {
    match likeness {
        Likeness::Handle | Likeness::Joined => "your word",
        Likeness::Name => "the same name",
        Likeness::Company => "the same name at the same company",
        Likeness::Signs => "an address or number of theirs in its signature",
        Likeness::Signature => "an address in their signature",
        Likeness::Phone => "a number in their signature",
        Likeness::Card => "one card of your address book",
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_handle_is_printed_as_it_is_typed() {
        assert_eq!(quoted("dara.o+list@north-wind.example"), "dara.o+list@north-wind.example");
        assert_eq!(quoted("+4915123456789"), "+4915123456789");
        assert_eq!(quoted("o'neill of cork"), r"'o'\''neill of cork'");
        assert_eq!(quoted("a\u{1b}[2Jb"), "'a [2Jb'");
    }
}
