//! What an answer to an invitation says in words, for whoever reads it in a program without a calendar.
//!
//! It is the organizer who reads them, so they are in the language the invitation was written in, as far as
//! we have words in it; else in English.

use inlet_actions::Language;
use inlet_model::Rsvp;

/// Subject and text of an answer by somebody to a meeting of this name.
pub(super) fn said(invitation: &str, who: &str, answer: Rsvp, meeting: &str) -> (String, String) {
    let (word, sentence) = match (inlet_actions::language::detect(invitation), answer) {
        (Some(Language::De), Rsvp::Accept) => ("Zugesagt", "hat diese Einladung angenommen"),
        (Some(Language::De), Rsvp::Tentative) => ("Mit Vorbehalt", "kommt vielleicht"),
        (Some(Language::De), Rsvp::Decline) => ("Abgesagt", "hat diese Einladung abgelehnt"),
        (_, Rsvp::Accept) => ("Accepted", "has accepted this invitation"),
        (_, Rsvp::Tentative) => ("Tentative", "may come, and has answered this invitation with \"maybe\""),
        (_, Rsvp::Decline) => ("Declined", "has declined this invitation"),
    };
    (format!("{word}: {meeting}"), format!("{who} {sentence}: {meeting}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_in_the_language_of_the_invitation() {
        let told = |invitation: &str, answer| said(invitation, "Anna", answer, "Budget");
        let german =
            "Hallo zusammen, ich möchte mit euch am Freitag über das Budget sprechen. Bitte gebt mir Bescheid.";
        assert_eq!(told(german, Rsvp::Decline).0, "Abgesagt: Budget");
        assert_eq!(told(german, Rsvp::Accept).1, "Anna hat diese Einladung angenommen: Budget");
        let english = "Hello all, I would like to talk about the budget with you on Friday. Please let me know.";
        assert_eq!(told(english, Rsvp::Tentative).0, "Tentative: Budget");
        let polish =
            "Dzień dobry, chciałbym porozmawiać z państwem w piątek o budżecie. Proszę o odpowiedź na wiadomość.";
        assert_eq!(
            told(polish, Rsvp::Accept).1,
            "Anna has accepted this invitation: Budget",
            "of what there are no words in"
        );
        assert_eq!(told("", Rsvp::Accept).0, "Accepted: Budget");
    }
}
