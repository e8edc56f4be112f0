//! What an answer to an invitation says in words, for whoever reads it in a program without a calendar.
//!
//! It is the organizer who reads them, so they are in the language the invitation was written in, told by the same
//! words as that of a nudge ([`inlet_actions::language`]); in a language we have no words in, in English.

use inlet_actions::Language;
use inlet_model::Rsvp;

/// The word before the name of the meeting, and what stands behind the name of who answers, in a language.
fn words(language: Language, answer: Rsvp) -> (&'static str, &'static str) {
    match (language, answer) {
        (Language::De, Rsvp::Accept) => ("Zugesagt", "hat diese Einladung angenommen"),
        (Language::De, Rsvp::Tentative) => ("Mit Vorbehalt", "kommt vielleicht"),
        (Language::De, Rsvp::Decline) => ("Abgesagt", "hat diese Einladung abgelehnt"),
        (Language::Fr, Rsvp::Accept) => ("Accepté", "a accepté cette invitation"),
        (Language::Fr, Rsvp::Tentative) => ("Provisoire", "viendra peut-être"),
        (Language::Fr, Rsvp::Decline) => ("Refusé", "a refusé cette invitation"),
        (Language::Es, Rsvp::Accept) => ("Aceptada", "ha aceptado esta invitación"),
        (Language::Es, Rsvp::Tentative) => ("Provisional", "quizás asista"),
        (Language::Es, Rsvp::Decline) => ("Rechazada", "ha rechazado esta invitación"),
        (Language::Pt, Rsvp::Accept) => ("Aceito", "aceitou este convite"),
        (Language::Pt, Rsvp::Tentative) => ("Provisório", "talvez participe"),
        (Language::Pt, Rsvp::Decline) => ("Recusado", "recusou este convite"),
        (Language::It, Rsvp::Accept) => ("Accettato", "ha accettato questo invito"),
        (Language::It, Rsvp::Tentative) => ("Provvisorio", "forse parteciperà"),
        (Language::It, Rsvp::Decline) => ("Rifiutato", "ha rifiutato questo invito"),
        (Language::Nl, Rsvp::Accept) => ("Geaccepteerd", "heeft deze uitnodiging geaccepteerd"),
        (Language::Nl, Rsvp::Tentative) => ("Voorlopig", "komt misschien"),
        (Language::Nl, Rsvp::Decline) => ("Afgewezen", "heeft deze uitnodiging afgewezen"),
        (Language::En | Language::Other, Rsvp::Accept) => ("Accepted", "has accepted this invitation"),
        (Language::En | Language::Other, Rsvp::Tentative) => {
            ("Tentative", "may come, and has answered this invitation with \"maybe\"")
        }
        (Language::En | Language::Other, Rsvp::Decline) => ("Declined", "has declined this invitation"),
    }
}

/// Subject and text of an answer by somebody to a meeting of this name.
pub(super) fn said(invitation: &str, who: &str, answer: Rsvp, meeting: &str) -> (String, String) {
    let language = inlet_actions::language::detect_to_answer(invitation).unwrap_or(Language::Other);
    let (word, sentence) = words(language, answer);
    (format!("{word}: {meeting}"), format!("{who} {sentence}: {meeting}"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const ALL: [Rsvp; 3] = [Rsvp::Accept, Rsvp::Tentative, Rsvp::Decline];

    #[test]
    fn an_answer_is_in_the_language_of_the_invitation() {
        let told = |invitation: &str, answer| said(invitation, "Anna", answer, "Budget");
        for (invitation, word, sentence) in [
            (
                "Hallo zusammen, ich möchte mit euch am Freitag über das Budget sprechen. Bitte gebt mir Bescheid.",
                "Abgesagt: Budget",
                "Anna hat diese Einladung abgelehnt: Budget",
            ),
            (
                "Hello all, I would like to talk about the budget with you on Friday. Please let me know.",
                "Declined: Budget",
                "Anna has declined this invitation: Budget",
            ),
            (
                "Bonjour à tous, je voudrais parler du budget avec vous vendredi. Merci de me dire si cela vous convient.",
                "Refusé: Budget",
                "Anna a refusé cette invitation: Budget",
            ),
            (
                "Hola a todos, me gustaría hablar del presupuesto con vosotros el viernes. Por favor, decidme si podéis.",
                "Rechazada: Budget",
                "Anna ha rechazado esta invitación: Budget",
            ),
            (
                "Olá a todos, gostaria de falar sobre o orçamento com vocês na sexta-feira. Por favor, avisem se não podem.",
                "Recusado: Budget",
                "Anna recusou este convite: Budget",
            ),
            (
                "Ciao a tutti, vorrei parlare del bilancio con voi venerdì. Per favore fatemi sapere se va bene per voi.",
                "Rifiutato: Budget",
                "Anna ha rifiutato questo invito: Budget",
            ),
            (
                "Hallo allemaal, ik wil vrijdag graag met jullie over de begroting praten. Laat me weten of dat lukt.",
                "Afgewezen: Budget",
                "Anna heeft deze uitnodiging afgewezen: Budget",
            ),
            (
                "Dzień dobry, chciałbym porozmawiać z państwem w piątek o budżecie. Proszę o odpowiedź na wiadomość.",
                "Declined: Budget",
                "Anna has declined this invitation: Budget",
            ),
            ("", "Declined: Budget", "Anna has declined this invitation: Budget"),
        ] {
            let expected = (word.to_owned(), sentence.to_owned());
            assert_eq!(told(invitation, Rsvp::Decline), expected, "{invitation}");
        }
    }

    #[test]
    fn every_language_tells_its_three_answers_apart_in_words_of_its_own() {
        let all: HashSet<_> =
            Language::KNOWN.iter().flat_map(|language| ALL.map(|answer| words(*language, answer).1)).collect();
        assert_eq!(all.len(), Language::KNOWN.len() * ALL.len());
    }
}
