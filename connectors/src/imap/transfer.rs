//! Content-Transfer-Encoding (RFC 2045 §6), undone while the bytes arrive.

use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use inlet_model::mime::Encoding;

/// Undoes one encoding, chunk by chunk; what is broken is passed over, never refused.
pub(super) enum Decoder {
    /// 7bit, 8bit, binary and whatever nobody knows.
    Plain,
    /// base64: up to three characters wait for the fourth.
    Base64(Vec<u8>),
    /// quoted-printable: the beginning of an escape or a line end waits for its rest.
    QuotedPrintable(Vec<u8>),
}

impl Decoder {
    /// For an encoding; what nobody knows is passed on as it is.
    pub(super) fn new(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Base64 => Self::Base64(Vec::new()),
            Encoding::QuotedPrintable => Self::QuotedPrintable(Vec::new()),
            _ => Self::Plain,
        }
    }

    /// The decoded bytes this chunk completes. `last`: nothing follows.
    pub(super) fn push(&mut self, chunk: &[u8], last: bool) -> Vec<u8> {
        match self {
            Self::Plain => chunk.to_vec(),
            Self::Base64(waiting) => {
                waiting.extend(chunk.iter().filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')));
                let whole = if last { waiting.len() } else { waiting.len() / 4 * 4 };
                let rest = waiting.split_off(whole);
                let mut characters = std::mem::replace(waiting, rest);
                // One character alone is six bits of nothing.
                if characters.len() % 4 == 1 {
                    characters.pop();
                }
                let lenient = GeneralPurposeConfig::new()
                    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
                    .with_decode_allow_trailing_bits(true);
                GeneralPurpose::new(&STANDARD, lenient).decode(characters).unwrap_or_default()
            }
            Self::QuotedPrintable(waiting) => {
                waiting.extend_from_slice(chunk);
                let (decoded, used) = quoted_printable(waiting, last);
                waiting.drain(..used);
                decoded
            }
        }
    }
}

/// Decodes up to what may be cut off; tells how much of the input that was.
fn quoted_printable(input: &[u8], last: bool) -> (Vec<u8>, usize) {
    let mut decoded = Vec::with_capacity(input.len());
    let mut rest = input;
    loop {
        let used = input.len() - rest.len();
        rest = match rest {
            [] => return (decoded, used),
            [b'=', b'\r', b'\n', tail @ ..] | [b'=', b'\n', tail @ ..] => tail,
            [b'=', high, low, tail @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok()).unwrap_or(0);
                decoded.push(digit(*high) * 16 + digit(*low));
                tail
            }
            [b'='] | [b'=', _] if !last => return (decoded, used),
            [b'='] => &[],
            [byte, tail @ ..] => {
                decoded.push(*byte);
                tail
            }
        };
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
mod tests {
    use super::*;

    fn decode(encoding: &str, input: &[u8], chunk: usize) -> Vec<u8> {
        let mut decoder = Decoder::new(Encoding::from_name(encoding));
        let mut decoded: Vec<u8> = input.chunks(chunk).flat_map(|chunk| decoder.push(chunk, false)).collect();
        decoded.extend(decoder.push(&[], true));
        decoded
    }

    #[test]
    fn the_result_does_not_depend_on_where_the_chunks_end() {
        let cases: [(&str, &[u8], &[u8]); 9] = [
            ("base64", b"aGVs\r\nbG8g\r\nd29ybGQ=\r\n", b"hello world"),
            ("base64", b"aGVsbG8", b"hello"),
            ("base64", b"!!aG-Vs bG8=\0", b"hello"),
            ("base64", b"", b""),
            ("base64", b"A", b""),
            ("quoted-printable", b"caf=C3=A9 =\r\nau lait=\nx =3D=3d", "café au laitx ==".as_bytes()),
            ("quoted-printable", b"broken =XY = =4", b"broken =XY = =4"),
            ("quoted-printable", b"end=", b"end"),
            ("8bit", b"as =41 is", b"as =41 is"),
        ];
        for (encoding, input, expected) in cases {
            for chunk in 1..=input.len().max(1) {
                assert_eq!(decode(encoding, input, chunk), expected, "{encoding} in chunks of {chunk}");
            }
        }
    }
}
