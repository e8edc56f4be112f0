use jiff::Timestamp;

use super::*;

const PHRASES: &str = include_str!("../../tests/dates.tsv");

fn written(spans: &[DateSpan]) -> String {
    let moment = |moment: &Moment| match moment.time {
        Some(time) => format!("{}T{:02}:{:02}", moment.date, time.hour(), time.minute()),
        None => moment.date.to_string(),
    };
    if spans.is_empty() {
        return "-".into();
    }
    let each = |span: &DateSpan| match &span.when {
        When::Exact(one) => moment(one),
        When::Ambiguous(several) => format!("?{}", several.iter().map(moment).collect::<Vec<_>>().join(",")),
    };
    spans.iter().map(each).collect::<Vec<_>>().join("+")
}

/// Each phrase of the table, with what was found and what should have been.
fn compare() -> Vec<(String, String, String)> {
    let rows = PHRASES.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let [language, sent, text, expected] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let sent: jiff::Zoned = {
            let (stamp, offset) = sent.split_at(sent.len() - 6);
            format!("{stamp}:00{offset}[{offset}]").parse().unwrap()
        };
        let language: Language = serde_json::from_value(language.into()).unwrap();
        let spans = scan(text, sent.timestamp(), sent.offset(), Some(language));
        for span in &spans {
            assert!(!text[span.range.clone()].trim().is_empty(), "{text}");
        }
        (text.to_owned(), written(&spans), expected.to_owned())
    });
    rows.collect()
}

/// A date is false when one is claimed and another, or none, was meant; a doubt that is admitted is not.
#[test]
fn phrases_are_read_as_meant() {
    let rows = compare();
    let wrong: Vec<_> = rows.iter().filter(|(_, found, expected)| found != expected).collect();
    let claimed = |found: &str| found != "-" && !found.starts_with('?');
    let false_ones = wrong.iter().filter(|(_, found, _)| claimed(found)).count();
    println!("{} phrases, {} not exact, {false_ones} false: {wrong:#?}", rows.len(), wrong.len());
    assert!(rows.len() >= 200);
    assert!(wrong.len() * 100 <= rows.len() * 5, "{} of {} wrong: {wrong:#?}", wrong.len(), rows.len());
    assert!(false_ones * 100 <= rows.len() * 2, "{false_ones} of {} false: {wrong:#?}", rows.len());
}

#[test]
fn the_senders_clock_decides() {
    let sent: Timestamp = "2026-03-03T23:30:00Z".parse().unwrap();
    let day = |hours| written(&scan("by tomorrow", sent, Offset::constant(hours), Some(Language::En)));
    assert_eq!(day(-5), "2026-03-04");
    assert_eq!(day(9), "2026-03-05");
}

#[test]
fn the_end_of_a_day_is_its_instant() {
    let moment = Moment { date: jiff::civil::date(2026, 3, 6), time: None };
    assert_eq!(moment.instant(Offset::constant(1)).to_string(), "2026-03-06T22:59:59Z");
}
