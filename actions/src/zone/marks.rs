//! What a line looks like that begins a quote, a signature or legal text, in the languages mail programs speak.

use std::sync::LazyLock;

use regex::bytes::{RegexSet, RegexSetBuilder};

use crate::fold::fold;

use super::Zone;

/// Folded words a mail program puts before what it quotes, as "On … wrote:".
static INTRODUCTION: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"^(on|at) .*(wrote|writes):?$",
        r"^[^:]{0,80} (wrote|writes):$",
        r"^(am|um|on) .*(schrieb|schrieben|geschrieben)( .*)?:?$",
        r"^[^:]{0,80} schrieb( am .*| folgendes)?:$",
        r"^(le|en date du) .*(a ecrit|ecrit|ecrivait) ?:?$",
        r"^(el|en) .*(escribio|ha escrito|escribia) ?:?$",
        r"^(em|a|no dia|on) .*(escreveu|escrevia) ?:?$",
        r"^(il|in data|on) .*(ha scritto|scriveva|scrive) ?:?$",
        r"^(op|on) .*(schreef|geschreven).*:?$",
        r"^[^:]{0,80} schreef( op .*)?:$",
        r"^\d{4}-\d\d-\d\d .{0,60}<[^>]+>:?$",
    ])
});

/// Folded lines below which somebody else's message stands, whole.
static QUOTED: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"^-{2,} ?(original message|original appointment|ursprungliche nachricht|urspruengliche nachricht|originalnachricht|message d'origine|message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht) ?-*$",
        r"^reply above this line",
    ])
});

static FORWARDED: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"^-{2,} ?(forwarded message|forwarded by .*|weitergeleitete nachricht|message transfere|message reexpedie|mensaje reenviado|mensagem (encaminhada|reencaminhada)|messaggio inoltrato|doorgestuurd bericht) ?-*$",
        r"^(begin forwarded message|anfang der weitergeleiteten nachricht|debut du message (transfere|reexpedie)|inicio del mensaje reenviado|inicio da mensagem (encaminhada|reencaminhada)|inizio messaggio inoltrato|begin doorgestuurd bericht) ?:?$",
    ])
});

/// The fields of a header block, folded, as Outlook writes them: who, and when or about what.
static FROM: LazyLock<RegexSet> = LazyLock::new(|| set(&[r"^\*?(from|von|de|da|van) ?:\*? ?\S"]));
static FIELD: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"^\*?(sent|date|gesendet|datum|envoye|date|enviado|enviada|fecha|data|inviato|verzonden) ?:",
        r"^\*?(to|an|a|para|aan|cc|kopie) ?:",
        r"^\*?(subject|betreff|objet|asunto|assunto|oggetto|onderwerp) ?:",
    ])
});

static SENT_FROM: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"^(sent (from|via|with)|get outlook for|von mei(nem|ner) .{2,30} (gesendet|geschickt)|gesendet (von|mit|uber)|diese nachricht wurde von mei|envoye (de|depuis|a partir)|obtenez outlook|telecharger outlook|enviado (desde|do|a partir|de meu|do meu)|obtener outlook|obter o outlook|inviato (da|dal)|scarica outlook|verstuurd (vanaf|met|via|vanuit)|verzonden (vanaf|met)|outlook (voor|fur|para|per|pour) )",
    ])
});

static SIGN_OFF: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        // The line is the sign-off and, at most, a name.
        r"^(((very|all|many) )?(best|kind|warm|warmest|kindest)( (regards|wishes))?|regards|(yours )?(sincerely|faithfully|truly)( yours)?|yours|cheers|many thanks|thanks|thanks (again|and regards|in advance)|thank you|take care|all the best|br|rgds|love|xx?)( ?[,!.]*| ?, ?[a-z. -]{2,30})?$",
        r"^((mit )?((freundliche[nrm]?|beste[nrm]?|herzliche[nrm]?|liebe[nrm]?|viele[nrm]?|schone[nrm]?|sonnige[nrm]?|kollegiale[nrm]?) )?(grusse[n]?|gruss|gruesse[n]?)( aus [a-z]+)?|hochachtungsvoll|mfg|lg|vg|bg|beste|liebe grusse|alles gute|ihr|euer|dein|deine)( ?[,!.]*| [a-z. ]{2,30})?$",
        r"^((bien |tres )?(cordialement|amicalement|sincerement|respectueusement)|bien a (vous|toi)|(sinceres |meilleures |cordiales )?salutations( distinguees)?|a (bientot|plus)|bonne (journee|soiree|reception)|belle journee|bises?|bisous|cdlt|merci d'avance)( ?[,!.]*| ?, ?[a-z. ]{2,30})?$",
        r"^((un |muchos )?(cordial |fuerte )?(saludo|saludos|abrazo)( cordial(es)?)?|atentamente|cordialmente|besos|gracias de antemano|quedo a la espera|gracias)( ?[,!.:]*| ?, ?[a-z. ]{2,30})?$",
        r"^((com os )?(melhores |atenciosos )?cumprimentos|atenciosamente|(um |grande |forte )*(abraco|abracos|beijo|beijos|bjs|abs)|att|cordialmente|saudacoes|obrigad[oa]( desde ja)?)( ?[,!.]*| ?, ?[a-z. ]{2,30})?$",
        r"^((cordiali|distinti|cari|tanti|molti|i miei migliori) saluti|saluti|cordialmente|a presto|un (caro )?(saluto|abbraccio)|buona (giornata|serata)|grazie( e saluti| in anticipo)?)( ?[,!.]*| ?, ?[a-z. ]{2,30})?$",
        r"^((met )?(vriendelijke|hartelijke|beste)?( )?(groet|groeten|groetjes)( uit [a-z]+)?|mvg|hoogachtend|alvast bedankt|liefs)( ?[,!.]*| ?,? ?[a-z. ]{2,30})?$",
    ])
});

static DISCLAIMER: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"\b(this|the information contained in this) (e-?mail|message|communication).{0,120}(confidential|privileged|intended (only|solely))",
        r"\bif you (are not|have received) .{0,40}(intended recipient|in error|by mistake)",
        r"\bdiese (e-?mail|nachricht).{0,120}(vertraulich|geschutzt)",
        r"\b(nicht der (richtige|beabsichtigte|vorgesehene) (adressat|empfanger)|irrtumlich erhalten)",
        r"\b(ce (message|courriel|mail)|cet e-?mail).{0,120}(confidentiel|destinataire)",
        r"\b(este (mensaje|correo)|esta (comunicacion|mensagem)|este e-?mail).{0,160}(confidencial|destinatario)",
        r"\b(questo messaggio|questa (e-?mail|comunicazione)|le informazioni contenute).{0,160}(riservat|confidenzial|destinatari)",
        r"\b(dit (bericht|e-?mailbericht)|deze e-?mail|de informatie).{0,160}(vertrouwelijk|geadresseerde|uitsluitend bestemd)",
        r"\b(please consider the environment|denken sie an die umwelt|pensez a l'environnement)",
    ])
});

static POSTSCRIPT: LazyLock<RegexSet> = LazyLock::new(|| set(&[r"^(ps|p\.s\.?|pps|pd|p\.d\.|nb)\b"]));

/// Somebody else's message follows to the end: a line of dashes with a title, or a block of header fields.
pub(super) fn separator(lines: &[&str]) -> Option<Zone> {
    let first = *lines.first()?;
    // Most lines begin with none of these and need not be folded.
    if !first.starts_with(['-', '_', '*', 'F', 'V', 'D', 'f', 'v', 'd', 'B', 'A', 'R', 'I']) {
        return None;
    }
    let folded = fold(first).text;
    if FORWARDED.is_match(folded.as_bytes()) {
        return Some(Zone::Forwarded);
    }
    if QUOTED.is_match(folded.as_bytes()) {
        return Some(Zone::Quoted);
    }
    let ruled = first.len() >= 5 && first.chars().all(|c| c == '_');
    let mut block = lines.iter().skip(usize::from(ruled)).filter(|line| !line.is_empty());
    let from = fold(block.next()?).text;
    if !FROM.is_match(from.as_bytes()) {
        return None;
    }
    let fields = block.take(5).filter(|line| FIELD.is_match(fold(line).text.as_bytes())).count();
    (fields >= 2).then_some(Zone::Quoted)
}

/// How many lines introduce a quote here; mail programs wrap the line over up to three.
pub(super) fn introduction(lines: &[&str]) -> Option<usize> {
    let mut joined = String::new();
    for (index, line) in lines.iter().take(3).enumerate() {
        if line.is_empty() || line.starts_with('>') || joined.len() + line.len() > 300 {
            return None;
        }
        if index > 0 {
            joined.push(' ');
        }
        joined.push_str(line);
        // All introductions end so, and few other lines do.
        if line.ends_with(':') && INTRODUCTION.is_match(fold(&joined).text.as_bytes()) {
            return Some(index + 1);
        }
        // An introduction begins with a day; prose does not go over its first line here.
        if index == 0 && !joined.chars().any(|c| c.is_ascii_digit()) && !joined.contains('@') {
            return None;
        }
    }
    None
}

/// "Sent from my iPhone" and its siblings.
pub(super) fn sent_from(line: &str) -> bool {
    line.len() < 90 && SENT_FROM.is_match(fold(line).text.as_bytes())
}

/// A complimentary close.
pub(super) fn sign_off(line: &str) -> bool {
    line.len() < 60 && SIGN_OFF.is_match(fold(line).text.as_bytes())
}

/// Legal text.
pub(super) fn disclaimer(line: &str) -> bool {
    line.len() > 20 && DISCLAIMER.is_match(fold(line).text.as_bytes())
}

/// A postscript, which is the writer's own again.
pub(super) fn postscript(line: &str) -> bool {
    POSTSCRIPT.is_match(fold(line).text.as_bytes())
}

#[expect(clippy::expect_used, reason = "the patterns are constants, and every one is compiled by a test")]
fn set(patterns: &[&str]) -> RegexSet {
    RegexSetBuilder::new(patterns).unicode(false).build().expect("the patterns are well formed")
}
