use inlet_model::Kind;

use super::*;

/// What is left of a mail when everything that is not its writer's own is cut away.
fn own(text: &str) -> String {
    let own = parts(text, Kind::Mail).into_iter().filter(|part| part.zone == Zone::Own);
    own.map(|part| &text[part.range]).collect::<String>().trim().to_owned()
}

fn zones(text: &str) -> Vec<Zone> {
    parts(text, Kind::Mail).into_iter().map(|part| part.zone).collect()
}

/// Every client and language the table knows: an answer above the line, a question below it.
#[test]
fn quotes_of_every_client_in_every_language() {
    for introduction in [
        "On Mon, Mar 2, 2026 at 4:40 PM Sarah Klein <sarah@klein.example> wrote:",
        "On Mon, Mar 2, 2026 at 4:40 PM Sarah Klein\n<sarah@klein.example> wrote:",
        "Am 03.03.2026 um 08:40 schrieb Petra Lang <lang@verwaltung.example>:",
        "Am Mo., 2. März 2026 um 16:40 Uhr schrieb Sarah Klein <\nsarah@klein.example>:",
        "Petra Lang <lang@verwaltung.example> schrieb am Di., 3. März 2026, 08:40:",
        "Le mar. 3 mars 2026 à 09:40, Claire Dubois <claire@dubois.example> a écrit :",
        "El mar, 3 mar 2026 a las 9:40, Carmen Ruiz (<carmen@ruiz.example>) escribió:",
        "Em ter., 3 de mar. de 2026 às 09:40, Ana Souza <ana@souza.example> escreveu:",
        "Il giorno mar 3 mar 2026 alle ore 09:40 Giulia Conti <giulia@conti.example> ha scritto:",
        "Op di 3 mrt 2026 om 09:40 schreef Femke de Vries <femke@devries.example>:",
        "Ana Souza <ana@souza.example> escreveu no dia terça, 3/03/2026 à(s) 09:40:",
        "---- On Mon, 02 Mar 2026 16:40:12 +0100 Sarah Klein <sarah@klein.example> wrote ----",
        "---- Am Mo, 02 Mär 2026 16:40:12 +0100 Sarah Klein <sarah@klein.example> schrieb ----",
        "Sarah Klein <sarah@klein.example> hat am 02.03.2026 16:40 CET geschrieben:",
        "Sarah Klein hat am 2. März 2026 um 16:40 geschrieben:",
        "Sarah Klein/Finance/Klein wrote on 03/02/2026 04:40:12 PM:",
        "Gesendet: Montag, 02. März 2026 um 16:40 Uhr\nVon: \"Sarah Klein\" <sarah@klein.example>\nAn: alex@weber.example\nBetreff: Aw: Q1",
        "Sent: Monday, March 02, 2026 at 4:40 PM\nFrom: \"Sarah Klein\" <sarah@klein.example>\nTo: alex@weber.example\nSubject: Re: Q1",
        "2026-03-03 9:40 GMT+01:00 Sarah Klein <sarah@klein.example>:",
        "-----Original Message-----\nFrom: Sarah Klein\nSent: Monday\nTo: Alex\nSubject: Hi\n",
        "-----Ursprüngliche Nachricht-----\nVon: Sarah Klein",
        "-----Message d'origine-----\nDe : Sarah",
        "-----Mensaje original-----\nDe: Sarah",
        "-----Mensagem original-----\nDe: Sarah",
        "-----Messaggio originale-----\nDa: Sarah",
        "-----Oorspronkelijk bericht-----\nVan: Sarah",
        "From: Sarah Klein <sarah@klein.example>\nSent: Monday, March 2, 2026 4:40 PM\nTo: Alex Weber\nSubject: Q1\n",
        "________________________________\nVon: Sarah Klein\nGesendet: Montag, 2. März 2026 16:40\nAn: Alex Weber\nBetreff: Q1\n",
        "De : Sarah Klein\nEnvoyé : lundi 2 mars 2026 16:40\nÀ : Alex Weber\nObjet : Q1\n",
        "De: Sarah Klein\nEnviado el: lunes, 2 de marzo de 2026 16:40\nPara: Alex Weber\nAsunto: Q1\n",
        "De: Sarah Klein\nEnviada em: segunda-feira, 2 de março de 2026 16:40\nPara: Alex Weber\nAssunto: Q1\n",
        "Da: Sarah Klein\nInviato: lunedì 2 marzo 2026 16:40\nA: Alex Weber\nOggetto: Q1\n",
        "Van: Sarah Klein\nVerzonden: maandag 2 maart 2026 16:40\nAan: Alex Weber\nOnderwerp: Q1\n",
    ] {
        let plain = format!("Yes, that works.\n\n{introduction}\nCould you send it by Friday?\n");
        assert_eq!(own(&plain), "Yes, that works.", "{introduction}");
        let marked = format!("Yes, that works.\n\n{introduction}\n> Could you send it by Friday?\n");
        assert_eq!(own(&marked), "Yes, that works.", "{introduction}");
    }
}

/// These mark what they quote, and prose begins as they do.
#[test]
fn who_is_quoted_is_told_by_the_marks_below() {
    for introduction in ["Zitat von Sarah Klein <sarah@klein.example>:", "Quoting Sarah Klein:", "Citando a Sarah:"] {
        let marked = format!("Yes, that works.\n\n{introduction}\n\n> Could you send it by Friday?\n");
        assert_eq!(own(&marked), "Yes, that works.", "{introduction}");
    }
    let prose = "Quoting the price list:\n- red: 4 EUR\n- blue: 5 EUR\n\nCould you order ten?";
    assert_eq!(own(prose), prose);
    let sent = "Sent: the red ones\nPlease tell me when they arrive.";
    assert_eq!(own(sent), sent);
}

#[test]
fn answers_between_quotes_stay_the_writers() {
    let text = "Am 3.3.2026 um 8:40 schrieb A <a@b.example>:\n> Erste Frage?\n\nErste Antwort.\n\n> Zweite Frage?\n\nZweite Antwort.\n";
    assert_eq!(own(text), "Erste Antwort.\n\n\nZweite Antwort.");
    assert_eq!(zones(text).first(), Some(&Zone::Quoted));
}

#[test]
fn what_is_passed_on_is_told_from_what_is_quoted() {
    for line in [
        "---------- Forwarded message ---------",
        "-------- Weitergeleitete Nachricht --------",
        "Begin forwarded message:",
        "Anfang der weitergeleiteten Nachricht:",
        "Début du message transféré :",
        "---------- Mensaje reenviado ---------",
        "---------- Mensagem encaminhada ---------",
        "Inizio messaggio inoltrato:",
        "---------- Doorgestuurd bericht ---------",
    ] {
        let text = format!("Zur Info.\n\n{line}\nVon: X\n\nBitte antworten Sie bis Freitag.\n");
        assert_eq!(own(&text), "Zur Info.", "{line}");
        assert_eq!(zones(&text).last(), Some(&Zone::Forwarded), "{line}");
    }
}

#[test]
fn signatures_in_every_language() {
    for (close, name) in [
        ("Best regards,", "Sarah Klein\nHead of Finance\n+1 555 0100"),
        ("Cheers, Kim", ""),
        ("-- ", "Sarah\nhttps://klein.example"),
        ("Mit freundlichen Grüßen", "i. A. Petra Lang"),
        ("LG Jens", ""),
        ("Bien cordialement,", "Claire Dubois"),
        ("Un saludo,", "Carmen"),
        ("Com os melhores cumprimentos,", "Miguel Alves"),
        ("Cordiali saluti", "Giulia Conti"),
        ("Met vriendelijke groet,", "Joost Bakker"),
        ("Sent from my iPhone", ""),
        ("Von meinem iPhone gesendet", ""),
        ("Envoyé de mon iPhone", ""),
        ("Enviado desde mi iPhone", ""),
        ("Inviato da iPhone", ""),
        ("Verstuurd vanaf mijn iPhone", ""),
    ] {
        assert_eq!(own(&format!("It is done.\n\n{close}\n{name}\n")), "It is done.", "{close}");
    }
}

#[test]
fn a_postscript_and_a_message_that_is_only_thanks_stay() {
    assert!(
        own("It is done.\n\nBest,\nSarah\n\nP.S. Could you bring the keys?\n")
            .contains("P.S. Could you bring the keys?")
    );
    assert_eq!(own("Thanks!\n\nSarah\n"), "Thanks!\n\nSarah");
}

#[test]
fn legal_text_is_nobodys_request() {
    for legal in [
        "This e-mail and any attachments are confidential. If you are not the intended recipient, please delete it.",
        "Diese E-Mail enthält vertrauliche Informationen. Bitte löschen Sie sie.",
        "Ce message est confidentiel et destiné au seul destinataire.",
        "Este mensaje es confidencial y va dirigido a su destinatario.",
        "Questo messaggio contiene informazioni riservate.",
        "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.",
    ] {
        let text = format!("It is done.\n\nSarah Klein\n\n{legal}\n");
        assert_eq!(zones(&text), [Zone::Own, Zone::Disclaimer], "{legal}");
    }
}

#[test]
fn chats_have_quotes_and_no_signatures() {
    let text = "> lunch?\nyes\nbest";
    let zones: Vec<Zone> = parts(text, Kind::Chat).into_iter().map(|part| part.zone).collect();
    assert_eq!(zones, [Zone::Quoted, Zone::Own]);
}
