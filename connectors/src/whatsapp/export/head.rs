//! Where a message begins: the date and the time in front of it, as phones write them.
//!
//! WhatsApp writes both in the way of the phone's language: three numbers with any of half a dozen signs
//! between them, a clock of 12 or 24 hours, other digits, direction marks and narrow spaces in between, all
//! of it in brackets (iOS) or in front of a dash (Android). One pattern per language would always lack one,
//! so the line is read as what it is: numbers and signs. The signs are the *shape*; within one export it
//! never changes, which tells a line of text that looks like a beginning from one that is.

/// Characters of a line in which its head has to end.
const LONGEST: usize = 90;

/// The beginning of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// The numbers of the date, in the order they stand there.
    pub(super) date: [u16; 3],
    /// Digits of the first of them.
    pub(super) width: usize,
    /// Hour and minute on a clock of 24 hours.
    pub(super) time: (i8, i8),
    pub(super) second: i8,
    /// Everything but the numbers.
    pub(super) shape: String,
    /// Where in the line the rest begins.
    pub(super) rest: usize,
}

/// Marks of direction, which are not seen and stand anywhere.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

/// Text without such marks at its ends.
pub(super) fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| is_mark(c) || c.is_whitespace())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    Morning,
    Noon,
    Evening,
}

/// The half of the day a word means; `None` for one that means nothing, such as "Uhr".
fn half(word: &str) -> Option<Option<Half>> {
    let half = match word {
        "" | "uhr" | "ч" | "h" | "uur" | "น" | "klo" | "kl" | "г" | "à" | "às" | "at" | "um" | "o" | "om" => None,
        "am"
        | "a"
        | "vorm"
        | "ص"
        | "πμ"
        | "ap"
        | "öö"
        | "fm"
        | "dop"
        | "de"
        | "sa"
        | "дп"
        | "오전"
        | "上午"
        | "午前"
        | "凌晨"
        | "清晨"
        | "早上"
        | "पूर्वाह्न"
        | "קבל"
        | "לפנה״צ"
        | "ก่อนเที่ยง"
        | "قظ" => Some(Half::Morning),
        "中午" => Some(Half::Noon),
        "pm"
        | "p"
        | "nachm"
        | "م"
        | "μμ"
        | "ip"
        | "ös"
        | "em"
        | "odp"
        | "du"
        | "ch"
        | "пп"
        | "오후"
        | "下午"
        | "午後"
        | "晚上"
        | "अपराह्न"
        | "אחה״צ"
        | "หลังเที่ยง"
        | "بظ" => Some(Half::Evening),
        _ => return None,
    };
    Some(half)
}

/// A digit of any of the scripts phones write numbers in.
fn digit(c: char) -> Option<u16> {
    let first = match c {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        '০'..='৯' => '০',
        _ => return None,
    };
    u16::try_from(u32::from(c) - u32::from(first)).ok()
}

struct Walk<'a> {
    /// What is seen of the line, each with its place.
    chars: std::iter::Peekable<std::vec::IntoIter<(usize, char)>>,
    line: &'a str,
    shape: String,
}

impl<'a> Walk<'a> {
    fn new(line: &'a str) -> Self {
        let seen = line
            .char_indices()
            .filter(|(_, c)| !is_mark(*c))
            .take(LONGEST)
            .map(|(at, c)| (at, if matches!(c, '\u{a0}' | '\u{202f}' | '\u{2009}' | '\t') { ' ' } else { c }));
        let seen: Vec<_> = seen.collect();
        Self { chars: seen.into_iter().peekable(), line, shape: String::new() }
    }

    fn peek(&mut self) -> Option<char> {
        self.chars.peek().map(|(_, c)| *c)
    }

    /// The next sign, if it is one of these.
    fn sign(&mut self, wanted: &[char]) -> Option<char> {
        let (_, c) = self.chars.next_if(|(_, c)| wanted.contains(c))?;
        self.shape.push(c);
        Some(c)
    }

    fn spaces(&mut self) {
        while self.sign(&[' ']).is_some() {}
    }

    /// A number of up to so many digits, and how many it has.
    fn number(&mut self, most: usize) -> Option<(u16, usize)> {
        let (mut value, mut width) = (0_u16, 0);
        while let Some(next) = self.peek().and_then(digit) {
            width += 1;
            if width > most {
                return None;
            }
            value = value.checked_mul(10)?.checked_add(next)?;
            self.chars.next();
        }
        self.shape.push('0');
        (width > 0).then_some((value, width))
    }

    /// A sign between two numbers, with the spaces around it.
    fn between(&mut self, signs: &[char]) -> Option<()> {
        self.spaces();
        self.sign(signs)?;
        self.spaces();
        Some(())
    }

    /// Words up to a sign that ends them: without spaces, dots and commas.
    fn words(&mut self, end: impl Fn(char) -> bool) -> String {
        let mut word = String::new();
        while let Some((_, c)) = self.chars.next_if(|(_, c)| !end(*c)) {
            if !matches!(c, ' ' | '.' | ',' | '،' | '、') {
                word.extend(c.to_lowercase());
            } else if c != ' ' {
                self.shape.push(c);
            }
        }
        self.shape.push(' ');
        word
    }

    fn date(&mut self, first: (u16, usize)) -> Option<([u16; 3], usize)> {
        const SIGNS: &[char] = &['.', '/', '-', '年', '년'];
        self.between(SIGNS)?;
        let (second, _) = self.number(2)?;
        self.between(&['.', '/', '-', '月', '월'])?;
        let (third, _) = self.number(4)?;
        self.sign(&['.', '日', '일']);
        Some(([first.0, second, third], first.1))
    }

    fn time(&mut self, hour: u16) -> Option<(u16, u16, u16)> {
        let sign = self.sign(&[':', '.', 'h', ' '])?;
        if sign == ' ' {
            self.sign(&['h'])?;
            self.spaces();
        }
        let (minute, width) = self.number(2)?;
        if width != 2 {
            return None;
        }
        let second = match self.sign(&[':', '.']).filter(|again| *again == sign) {
            Some(_) => self.number(2)?.0,
            None => 0,
        };
        Some((hour, minute, second))
    }
}

/// The head of a line, if it has one.
pub(super) fn head(line: &str) -> Option<Head> {
    let mut walk = Walk::new(line);
    let bracket = walk.sign(&['[']).is_some();
    let first = walk.number(4)?;
    let early;
    let (date, width, (hour, minute, second)) = if walk.peek() == Some(':') {
        // Some languages name the time first.
        let time = walk.time(first.0)?;
        early = walk.words(|c| digit(c).is_some() || c == ']');
        let first = walk.number(4)?;
        let (date, width) = walk.date(first)?;
        (date, width, time)
    } else {
        let (date, width) = walk.date(first)?;
        early = walk.words(|c| digit(c).is_some() || c == ']');
        let hour = walk.number(2)?.0;
        (date, width, walk.time(hour)?)
    };
    let late = match bracket {
        true => {
            let word = walk.words(|c| c == ']');
            walk.sign(&[']'])?;
            word
        }
        false => walk.words(|c| matches!(c, '-' | '–' | ',')),
    };
    if !bracket {
        walk.sign(&['-', '–', ','])?;
        walk.sign(&[' '])?;
    }
    let half = match (half(&early)?, half(&late)?) {
        (Some(_), Some(_)) => return None,
        (early, late) => early.or(late),
    };
    let hour = match (half, hour) {
        (None, hour) => hour,
        (Some(_), 13..) => return None,
        (Some(Half::Morning), 12) => 0,
        (Some(Half::Morning), hour) | (Some(Half::Evening), hour @ 12) | (Some(Half::Noon), hour @ 11..) => hour,
        (Some(Half::Evening | Half::Noon), hour) => hour + 12,
    };
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if half.is_some() {
        walk.shape.push_str(if late.is_empty() { "before" } else { "behind" });
    }
    let rest = walk.chars.next().map_or(walk.line.len(), |(at, _)| at);
    let time = (i8::try_from(hour).ok()?, i8::try_from(minute).ok()?);
    Some(Head { date, width, time, second: i8::try_from(second).ok()?, shape: walk.shape, rest })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line, numbers of the date, hour, minute, second, rest.
    type Row = (&'static str, [u16; 3], i8, i8, i8, &'static str);

    #[test]
    fn heads_of_many_languages_are_read() {
        let table: &[Row] = &[
            ("12/31/23, 9:45\u{202f}PM - Ana: hi", [12, 31, 23], 21, 45, 0, "Ana: hi"),
            ("31/12/2023, 9:45 pm - Ana: hi", [31, 12, 2023], 21, 45, 0, "Ana: hi"),
            ("31.12.23, 21:45 - Ana: hi", [31, 12, 23], 21, 45, 0, "Ana: hi"),
            ("31/12/2023 21:45 - Ana: oi", [31, 12, 2023], 21, 45, 0, "Ana: oi"),
            ("31/12/23 9:45 p.\u{a0}m. - Ana: hola", [31, 12, 23], 21, 45, 0, "Ana: hola"),
            ("31-12-2023 21:45 - Ana: hoi", [31, 12, 2023], 21, 45, 0, "Ana: hoi"),
            ("31.12.2023 klo 21.45 - Ana: moi", [31, 12, 2023], 21, 45, 0, "Ana: moi"),
            ("2023/12/31 下午9:45 - Ana: 你好", [2023, 12, 31], 21, 45, 0, "Ana: 你好"),
            ("2023年12月31日 晚上9:45 - Ana: 你好", [2023, 12, 31], 21, 45, 0, "Ana: 你好"),
            ("2023. 12. 31. 오후 9:45, Ana : 안녕", [2023, 12, 31], 21, 45, 0, "Ana : 안녕"),
            ("2023년 12월 31일 오전 12:05, Ana : 안녕", [2023, 12, 31], 0, 5, 0, "Ana : 안녕"),
            ("\u{200f}٣١\u{200f}/١٢\u{200f}/٢٠٢٣، ٩:٤٥ م - آنا: مرحبا", [31, 12, 2023], 21, 45, 0, "آنا: مرحبا"),
            ("31.12.23 г., 21:45 ч. - Ана: да", [31, 12, 23], 21, 45, 0, "Ана: да"),
            ("31/12/23, 9:45 μ.μ. - Άνα: γεια", [31, 12, 23], 21, 45, 0, "Άνα: γεια"),
            ("2023-12-31 21 h 45 - Ana : allô", [2023, 12, 31], 21, 45, 0, "Ana : allô"),
            ("21:45, 31/12/2023 - Ana: chào", [31, 12, 2023], 21, 45, 0, "Ana: chào"),
            ("[12/31/23, 9:45:07\u{202f}PM] Ana: hi", [12, 31, 23], 21, 45, 7, " Ana: hi"),
            ("\u{200e}[31.12.23, 21:45:07] Ana: hi", [31, 12, 23], 21, 45, 7, " Ana: hi"),
            ("[31/12/23 12:05:07 a. m.] Ana: hi", [31, 12, 23], 0, 5, 7, " Ana: hi"),
            ("[2023/12/31 下午9:45:07] Ana: hi", [2023, 12, 31], 21, 45, 7, " Ana: hi"),
            ("[2023. 12. 31. 오후 9:45:07] Ana: hi", [2023, 12, 31], 21, 45, 7, " Ana: hi"),
            ("[31.12.2023 21.45.07] Ana: hi", [31, 12, 2023], 21, 45, 7, " Ana: hi"),
        ];
        for (line, date, hour, minute, second, rest) in table {
            let found = head(line);
            let found = found.as_ref().map(|head| (head.date, head.time, head.second, line.get(head.rest..)));
            assert_eq!(found, Some((*date, (*hour, *minute), *second, Some(*rest))), "{line}");
        }
    }

    #[test]
    fn text_is_no_head() {
        for line in [
            "",
            "see you at 10:00 - or later",
            "10:00 - 11:00 meeting",
            "31.12.2023",
            "31.12.2023, 25:45 - Ana: no such hour",
            "31.12.2023, 13:45 PM - Ana: no such hour",
            "31.12.2023, 21:45 somewhen - Ana: hi",
            "1.2.3, 4:5 - Ana: a minute has two digits",
            "[link] 31.12.2023",
            "99999/12/2023, 10:00 - Ana: hi",
        ] {
            assert_eq!(head(line), None, "{line}");
        }
    }
}
