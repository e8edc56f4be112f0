use super::*;

/// One sentence of each act in each language; the first pattern word of each is enough to be named.
#[test]
fn acts_in_seven_languages() {
    use Act::{Commitment, Proposal, Question, Request, Thanks};
    for (sentence, act) in [
        ("Could you send me the slides?", Request),
        ("What time does it start", Question),
        ("How about Tuesday at ten?", Proposal),
        ("I'll send it tomorrow.", Commitment),
        ("Thanks a lot!", Thanks),
        ("Könntest du mir die Folien schicken?", Request),
        ("Wann kommst du denn an", Question),
        ("Wie wäre es mit Dienstag um zehn?", Proposal),
        ("Ich schicke es dir morgen.", Commitment),
        ("Vielen Dank!", Thanks),
        ("Pourriez-vous m'envoyer les documents ?", Request),
        ("Est-ce que tu viens demain", Question),
        ("Et si on se voyait mardi ?", Proposal),
        ("Je t'envoie ça demain.", Commitment),
        ("Merci beaucoup !", Thanks),
        ("¿Puedes enviarme el documento?", Request),
        ("¿Cuándo llegas?", Question),
        ("¿Quedamos mañana a las diez?", Proposal),
        ("Te lo mando mañana.", Commitment),
        ("Muchas gracias", Thanks),
        ("Você pode me enviar o documento?", Request),
        ("Quando você chega em casa", Question),
        ("Que tal terça às dez?", Proposal),
        ("Vou mandar amanhã.", Commitment),
        ("Muito obrigada!", Thanks),
        ("Mi puoi mandare il documento?", Request),
        ("A che ora arrivi stasera", Question),
        ("Che ne dici di martedì alle dieci?", Proposal),
        ("Te lo mando domani.", Commitment),
        ("Grazie mille!", Thanks),
        ("Kun je het document even sturen?", Request),
        ("Wanneer kom je eigenlijk", Question),
        ("Zullen we dinsdag om tien uur afspreken?", Proposal),
        ("Ik stuur het morgen.", Commitment),
        ("Hartelijk bedankt!", Thanks),
    ] {
        let acts = read(sentence);
        assert!(acts.does(act), "{sentence}: {acts:?}");
        let label = acts.labels.iter().find(|label| label.act == act).unwrap();
        assert!(label.by.contains(": ") || label.by == "model" || label.by == "question mark", "{label:?}");
    }
}

#[test]
fn politeness_is_no_request() {
    for sentence in [
        "Please do not hesitate to contact us if you have any questions.",
        "Bei Rückfragen wenden Sie sich bitte an uns.",
        "N'hésitez pas à nous contacter.",
        "No dude en ponerse en contacto con nosotros.",
        "Per qualsiasi informazione non esitate a contattarci.",
        "Mocht je nog vragen hebben, laat het gerust weten.",
    ] {
        let acts = read(sentence);
        assert!(acts.cues.has(Cue::Closer), "{sentence}: {acts:?}");
    }
}

#[test]
fn the_question_mark_of_an_address_asks_nothing() {
    assert!(!read("Siehe https://example.org/?q=1").does(Act::Question));
    assert!(read("来られますか？").does(Act::Question));
    assert!(read("هل تأتي؟").does(Act::Question));
}

/// Unknown to its patterns, known to the model: what an English reader takes for a request.
#[test]
fn the_model_finds_what_no_pattern_foresees() {
    let acts = read("Have the revised agreement ready for signature when the group gets back.");
    let request = acts.labels.iter().find(|label| label.act == Act::Request).unwrap();
    assert_eq!(request.by, "model");
    assert!(model::Model::parse(&[]).is_none());
}

#[test]
fn the_file_of_weights_reads_as_it_was_written() {
    let heads = [1.0_f32, -0.5, 0.25, 0.0].map(|weight| model::Weights { bias: weight, weights: vec![weight, 0.1] });
    let model = model::Model::new(0.4, vec![3, 9], &heads);
    let again = model::Model::parse(&model.bytes()).unwrap();
    assert_eq!(again.bytes(), model.bytes());
    let features = [3, 9, 12];
    assert!((again.probability(&features) - model.probability(&features)).abs() < f32::EPSILON);
    assert!(model.probability(&features) > model.probability(&[]), "weights above zero speak for it");
}
