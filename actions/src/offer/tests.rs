use jiff::tz::TimeZone;

use super::*;
use crate::dates::{Moment, scan};
use crate::language::detect;

const WORK: (Time, Time) = (Time::constant(9, 0, 0, 0), Time::constant(17, 0, 0, 0));
/// A Thursday.
const NOW: &str = "2026-03-05T10:30:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn berlin() -> Calendar {
    Calendar { zone: TimeZone::get("Europe/Berlin").unwrap(), ..Calendar::default() }
}

fn times(calendar: &Calendar, busy: &[(Timestamp, Timestamp)], due: Option<&When>) -> Vec<String> {
    let hours = Hours { calendar, work: WORK, busy };
    free_times(&hours, due, at(NOW)).iter().map(|one| one.strftime("%a %d %H:%M").to_string()).collect()
}

fn day(text: &str) -> When {
    When::Exact(Moment { date: text.parse().unwrap(), time: None })
}

#[test]
fn whoever_asks_to_meet_is_understood_and_nobody_else() {
    use Language::{De, En, Es, Fr, It, Nl, Pt};
    let asks = [
        (En, "Can we meet next week?"),
        (En, "Would you have time for a quick call on Tuesday?"),
        (En, "When are you free?"),
        (En, "Could you arrange a meeting with Ana?"),
        (De, "Können wir uns nächste Woche treffen?"),
        (De, "Hätten Sie am Dienstag Zeit für ein Gespräch?"),
        (De, "Wann passt es dir?"),
        (De, "Wollen wir einen Termin vereinbaren?"),
        (Fr, "Pourrions-nous nous voir la semaine prochaine ?"),
        (Fr, "On peut fixer un rendez-vous ?"),
        (Es, "¿Podemos vernos la semana que viene?"),
        (Es, "¿Cuándo tienes un hueco?"),
        (Pt, "Podemos marcar uma reunião na próxima semana?"),
        (Pt, "Quando está disponível?"),
        (It, "Possiamo vederci la prossima settimana?"),
        (It, "Quando sei libero?"),
        (Nl, "Kunnen we volgende week afspreken?"),
        (Nl, "Wanneer heb je tijd?"),
    ];
    for (language, sentence) in asks {
        assert!(asks_to_meet(sentence, None, Some(language)), "{sentence}");
        assert!(asks_to_meet(sentence, None, None), "{sentence}");
    }
    let others = [
        "Can you send me the slides by Friday?",
        "Thanks for the meeting yesterday.",
        "When can you deliver it?",
        "Kannst du mir die Folien schicken?",
        "Wann können Sie es liefern?",
        "Hast du Zeit, das zu prüfen?",
        "Pouvez-vous m’envoyer le contrat ?",
        "¿Puedes revisar el documento?",
        "Podes enviar o contrato?",
        "Puoi mandarmi il file?",
        "Wanneer kun je het leveren?",
        "Kun je me het rapport sturen?",
    ];
    for sentence in others {
        assert!(!asks_to_meet(sentence, None, None), "{sentence}");
    }
    let three = When::Exact(Moment { date: "2026-03-10".parse().unwrap(), time: Some(Time::constant(15, 0, 0, 0)) });
    assert!(!asks_to_meet("Can we meet on Tuesday at 3 pm?", Some(&three), None), "it names its own time");
}

#[test]
fn times_lie_on_working_days_in_working_hours_and_beside_meetings() {
    let mut calendar = berlin();
    assert_eq!(times(&calendar, &[], None), ["Fri 06 10:00", "Mon 09 14:00", "Tue 10 11:00"], "no weekend");
    calendar.holidays.insert("2026-03-09".parse().unwrap());
    assert_eq!(times(&calendar, &[], None), ["Fri 06 10:00", "Tue 10 14:00", "Wed 11 11:00"], "no holiday");
    // Busy on Friday from nine to one, on the clock of Berlin.
    let busy = [(at("2026-03-06T08:00:00Z"), at("2026-03-06T12:00:00Z"))];
    assert_eq!(times(&calendar, &busy, None).first().unwrap(), "Fri 06 13:00");
    let always = [(at("2026-03-01T00:00:00Z"), at("2027-03-01T00:00:00Z"))];
    assert!(times(&calendar, &always, None).is_empty());
    // A meeting that ends when an hour begins is not in its way.
    let until_ten = [(at("2026-03-06T08:00:00Z"), at("2026-03-06T09:00:00Z"))];
    assert_eq!(times(&calendar, &until_ten, None).first().unwrap(), "Fri 06 10:00");
}

#[test]
fn a_day_or_a_week_that_is_named_is_kept_to() {
    let calendar = berlin();
    assert_eq!(times(&calendar, &[], Some(&day("2026-03-10"))), ["Tue 10 10:00", "Tue 10 12:00", "Tue 10 14:00"]);
    let week = scan("Can we meet next week?", at(NOW), jiff::tz::offset(1), Some(Language::En)).remove(0).when;
    assert_eq!(times(&calendar, &[], Some(&week)), ["Mon 09 10:00", "Tue 10 14:00", "Wed 11 11:00"]);
    // On Saturday nobody works: the next working days.
    assert_eq!(times(&calendar, &[], Some(&day("2026-03-07"))).first().unwrap(), "Mon 09 10:00");
    // Today, where it was said, from now on.
    let today = times(&calendar, &[], Some(&day("2026-03-05")));
    assert!(today.iter().all(|one| one.starts_with("Thu 05")) && today.first().unwrap() >= &"Thu 05 12:00".to_owned());
    // What is past is not offered.
    assert_eq!(times(&calendar, &[], Some(&day("2026-03-04"))).first().unwrap(), "Fri 06 10:00");
}

#[test]
fn every_language_offers_them_in_its_own_words() {
    let calendar = berlin();
    let hours = Hours { calendar: &calendar, work: WORK, busy: &[] };
    let times = free_times(&hours, None, at(NOW));
    for language in Language::KNOWN {
        let text = offer(language, Some("Ana"), &times).unwrap();
        assert!(text.contains("Ana") && !text.contains('{'), "{text}");
        assert_eq!(text.matches("\n- ").count(), 3, "{text}");
        assert!(text.contains("Europe/Berlin (UTC+01:00)"), "{text}");
        assert_eq!(detect(&text), Some(language), "{text}");
        assert!(!offer(language, Some(" "), &times).unwrap().contains("{name}"));
    }
    let german = offer(Language::De, None, &times).unwrap();
    assert!(german.starts_with("Hallo,") && german.contains("- Freitag, 6. März, 10:00 Uhr\n"), "{german}");
    assert_eq!(offer(Language::Other, None, &times), None);
    assert_eq!(offer(Language::En, None, &[]), None);
}
