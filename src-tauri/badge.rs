//! How many conversations are unread, as a picture on the taskbar.
//!
//! Only Windows needs it: the others write the number themselves. What it lays over the window's icon is sixteen points
//! wide, so that more than nine is "9+". The signs are drawn here, of fifteen dots each: a font for ten of them would be
//! larger than everything else in this folder.

/// Pixels of an edge.
pub(crate) const EDGE: u32 = 32;

const DISC: [u8; 3] = [0xc4, 0x2b, 0x1c];
const SIGN: [u8; 3] = [0xff, 0xff, 0xff];

/// The picture, RGBA and row by row; `None` when there is nothing to tell.
pub(crate) fn drawn(unread: i64) -> Option<Vec<u8>> {
    let text = match unread {
        ..=0 => return None,
        1..=9 => unread.to_string(),
        _ => "9+".to_owned(),
    };
    let signs: Vec<[u8; 5]> = text.chars().filter_map(sign).collect();
    // Pixels of a dot's edge, and dots from one end of the text to the other.
    let (dot, columns) = if signs.len() == 1 { (4, 3) } else { (3, 7) };
    let (left, top) = ((EDGE - columns * dot) / 2, (EDGE - 5 * dot) / 2);
    let written = |x: u32, y: u32| {
        let (Some(x), Some(y)) = (x.checked_sub(left), y.checked_sub(top)) else { return false };
        let (column, row) = ((x / dot) as usize, (y / dot) as usize);
        // Every fourth column lies between two signs.
        let rows = signs.get(column / 4).filter(|_| column % 4 < 3);
        rows.and_then(|rows| rows.get(row)).is_some_and(|dots| dots >> (2 - column % 4) & 1 == 1)
    };
    let pixels = (0..EDGE).flat_map(|y| (0..EDGE).map(move |x| (x, y)));
    let colours = pixels.flat_map(|(x, y)| {
        let [red, green, blue] = if written(x, y) { SIGN } else { DISC };
        [red, green, blue, covered(x, y)]
    });
    Some(colours.collect())
}

/// How much of a pixel lies on the disc, which is as wide as the picture.
fn covered(x: u32, y: u32) -> u8 {
    let middle = f64::from(EDGE) / 2.0;
    let from_middle = |at: u32| f64::from(at) + 0.5 - middle;
    let within = middle - from_middle(x).hypot(from_middle(y));
    (255.0 * (within + 0.5).clamp(0.0, 1.0)) as u8
}

/// Five rows of three dots, the leftmost the highest bit.
fn sign(sign: char) -> Option<[u8; 5]> {
    Some(match sign {
        '1' => [0b010, 0b110, 0b010, 0b010, 0b111],
        '2' => [0b111, 0b001, 0b111, 0b100, 0b111],
        '3' => [0b111, 0b001, 0b111, 0b001, 0b111],
        '4' => [0b101, 0b101, 0b111, 0b001, 0b001],
        '5' => [0b111, 0b100, 0b111, 0b001, 0b111],
        '6' => [0b111, 0b100, 0b111, 0b101, 0b111],
        '7' => [0b111, 0b001, 0b001, 0b010, 0b010],
        '8' => [0b111, 0b101, 0b111, 0b101, 0b111],
        '9' => [0b111, 0b101, 0b111, 0b001, 0b111],
        '+' => [0b000, 0b010, 0b111, 0b010, 0b000],
        _ => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    fn pixel(picture: &[u8], x: u32, y: u32) -> [u8; 4] {
        let at = ((y * EDGE + x) * 4) as usize;
        picture[at..at + 4].try_into().unwrap()
    }

    /// The dots as they are seen, from this corner on.
    fn dots(picture: &[u8], (left, top): (u32, u32), dot: u32, columns: u32) -> Vec<String> {
        let white = |column, row| pixel(picture, left + column * dot + 1, top + row * dot + 1)[..3] == SIGN;
        let line = |row| (0..columns).map(|column| if white(column, row) { '#' } else { '.' }).collect();
        (0..5).map(line).collect()
    }

    #[test]
    fn nothing_unread_is_no_picture() {
        assert_eq!((drawn(0), drawn(-1), drawn(i64::MIN)), (None, None, None));
    }

    #[test]
    fn a_number_is_written_in_the_middle_of_a_disc() {
        let seven = drawn(7).unwrap();
        assert_eq!(seven.len(), (EDGE * EDGE * 4) as usize);
        assert_eq!(dots(&seven, (10, 6), 4, 3), ["###", "..#", "..#", ".#.", ".#."]);
        assert_eq!(dots(&drawn(4).unwrap(), (10, 6), 4, 3), ["#.#", "#.#", "###", "..#", "..#"]);
        for (x, y) in [(0, 0), (EDGE - 1, 0), (0, EDGE - 1), (EDGE - 1, EDGE - 1)] {
            assert_eq!(pixel(&seven, x, y)[3], 0, "a corner");
        }
        assert_eq!(pixel(&seven, 4, EDGE / 2), [DISC[0], DISC[1], DISC[2], 255]);
    }

    #[test]
    fn each_number_looks_different_and_many_are_nine_and_more() {
        let pictures: std::collections::BTreeSet<_> = (1..=10).map(drawn).collect();
        assert_eq!(pictures.len(), 10);
        assert_eq!((drawn(10), drawn(i64::MAX)), (drawn(11), drawn(11)));
        let more = drawn(10).unwrap();
        assert_eq!(dots(&more, (5, 8), 3, 7), ["###....", "#.#..#.", "###.###", "..#..#.", "###...."]);
    }
}
