//! What a line looks like that begins a quote, a signature or legal text, in the languages mail programs speak.

use std::sync::LazyLock;

use regex::bytes::{RegexSet, RegexSetBuilder};

use super::{Line, Zone};
use crate::fold::fold_text;

/// Folded words a mail program puts before what it quotes, as "On … wrote:".
static INTRODUCTION: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"^(on|at) .*(wrote|writes):?$",
        r"^[^:]{0,80} (wrote|writes)( on .*\d.*)?:$",
        r"^(am|um|on) .*(schrieb|schrieben|geschrieben)( .*)?:?$",
        r"^[^:]{0,80} schrieb( am .*| folgendes)?:$",
        r"^[^:]{0,80} hat am .*geschrieben ?:$",
        r"^(le|en date du) .*(a ecrit|ecrit|ecrivait) ?:?$",
        r"^(el|en) .*(escribio|ha escrito|escribia) ?:?$",
        r"^(em|a|no dia|on) .*(escreveu|escrevia) ?:?$",
        r"^[^:]{0,80} escreveu (no dia|em|a) .*\d.*:$",
        r"^(il|in data|on) .*(ha scritto|scriveva|scrive) ?:?$",
        r"^(op|on) .*(schreef|geschreven).*:?$",
        r"^[^:]{0,80} schreef( op .*)?:$",
        r"^\d{4}-\d\d-\d\d .{0,60}<[^>]+>:?$",
    ])
});

/// As [`INTRODUCTION`], where lines follow that are marked as quoted: prose begins like these too.
static BEFORE_MARKS: LazyLock<RegexSet> =
    LazyLock::new(|| set(&[r"^(quoting|zitat von|citant|citando( a)?|citazione (di|da)|citeren van) [^:]{1,80}:$"]));

/// Folded lines below which somebody else's message stands, whole.
static QUOTED: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[
        r"^-{2,} ?(original message|original appointment|ursprungliche nachricht|urspruengliche nachricht|originalnachricht|message d'origine|message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht) ?-*$",
        r"^-{2,} ?(on|am|le|el|em|il|op) .*\b(wrote|schrieb|a ecrit|escribio|escreveu|ha scritto|schreef) ?-{2,}$",
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
/// The same where the time comes first, as GMX and mail.com write them.
static SENT: LazyLock<RegexSet> = LazyLock::new(|| {
    set(&[r"^\*?(sent|date|gesendet|datum|envoye|enviado|enviada|fecha|data|inviato|verzonden) ?:\*? ?\S"])
});
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
pub(super) fn separator(lines: &[Line<'_>]) -> Option<Zone> {
    let first = lines.first()?;
    // Most lines begin with none of these and need not be folded.
    let often = ['-', '_', '*', 'F', 'V', 'D', 'f', 'v', 'd', 'B', 'A', 'R', 'I'];
    let sent = || first.text.starts_with(['G', 'g', 'S', 's', 'E', 'e']) && first.text.contains(':');
    if !first.text.starts_with(often) && !sent() {
        return None;
    }
    let is = |set: &RegexSet, line: &Line<'_>| set.is_match(line.folded().as_bytes());
    if is(&FORWARDED, first) {
        return Some(Zone::Forwarded);
    }
    if is(&QUOTED, first) {
        return Some(Zone::Quoted);
    }
    let ruled = first.text.len() >= 5 && first.text.chars().all(|c| c == '_');
    let mut block = lines.iter().skip(usize::from(ruled)).filter(|line| !line.text.is_empty());
    let begins = block.next()?;
    let (from, sent) = (is(&FROM, begins), is(&SENT, begins));
    if !from && !sent {
        return None;
    }
    let rest: Vec<&Line<'_>> = block.take(5).collect();
    let fields = usize::from(sent) + rest.iter().filter(|line| is(&FIELD, line)).count();
    (fields >= 2 && (from || rest.iter().any(|line| is(&FROM, line)))).then_some(Zone::Quoted)
}

/// The first words below are marked as quoted.
pub(super) fn marked(below: &[Line<'_>]) -> bool {
    below.iter().find(|line| !line.text.is_empty()).is_some_and(|line| line.text.starts_with('>'))
}

/// How many lines introduce a quote here; mail programs wrap the line over up to three.
pub(super) fn introduction(lines: &[Line<'_>]) -> Option<usize> {
    let mut joined = String::new();
    for (index, line) in lines.iter().take(3).map(|line| line.text).enumerate() {
        if line.is_empty() || line.starts_with('>') || joined.len() + line.len() > 300 {
            return None;
        }
        if index > 0 {
            joined.push(' ');
        }
        joined.push_str(line);
        // All introductions end so, and few other lines do.
        if line.ends_with(':') {
            let folded = fold_text(&joined);
            let below = || marked(lines.get(index + 1..).unwrap_or_default());
            if INTRODUCTION.is_match(folded.as_bytes()) || BEFORE_MARKS.is_match(folded.as_bytes()) && below() {
                return Some(index + 1);
            }
        }
        // An introduction begins with a day; prose does not go over its first line here.
        if index == 0 && !joined.chars().any(|c| c.is_ascii_digit()) && !joined.contains('@') {
            return None;
        }
    }
    None
}

/// "Sent from my iPhone" and its siblings.
pub(super) fn sent_from(line: &Line<'_>) -> bool {
    line.text.len() < 90 && SENT_FROM.is_match(line.folded().as_bytes())
}

/// A complimentary close.
pub(super) fn sign_off(line: &Line<'_>) -> bool {
    line.text.len() < 60 && SIGN_OFF.is_match(line.folded().as_bytes())
}

/// Legal text.
pub(super) fn disclaimer(line: &Line<'_>) -> bool {
    line.text.len() > 20 && DISCLAIMER.is_match(line.folded().as_bytes())
}

/// A postscript, which is the writer's own again.
pub(super) fn postscript(line: &Line<'_>) -> bool {
    POSTSCRIPT.is_match(line.folded().as_bytes())
}

#[expect(clippy::expect_used, reason = "the patterns are constants, and every one is compiled by a test")]
fn set(patterns: &[&str]) -> RegexSet {
    RegexSetBuilder::new(patterns).unicode(false).build().expect("the patterns are well formed")
}
