//! Slack's names for emoji.
//!
//! Most are GitHub's, which `emojis` knows; the rest are listed. A name nobody knows is a workspace's
//! own picture and stays as it is written.

/// Names that are Slack's alone, and what others call the same.
const ALIASES: [(&str, &str); 20] = [
    ("thinking_face", "thinking"),
    ("hugging_face", "hugs"),
    ("face_with_rolling_eyes", "roll_eyes"),
    ("face_with_monocle", "monocle_face"),
    ("face_palm", "facepalm"),
    ("robot_face", "robot"),
    ("the_horns", "metal"),
    ("sign_of_the_horns", "metal"),
    ("knife_fork_plate", "plate_with_cutlery"),
    ("hankey", "poop"),
    ("star-struck", "star_struck"),
    ("grinning_face_with_star_eyes", "star_struck"),
    ("face_with_cowboy_hat", "cowboy_hat_face"),
    ("simple_smile", "slightly_smiling_face"),
    ("white_frowning_face", "frowning_face"),
    ("zipper_mouth_face", "zipper_mouth_face"),
    ("mostly_sunny", "sun_behind_small_cloud"),
    ("barely_sunny", "sun_behind_large_cloud"),
    ("lightning", "cloud_with_lightning"),
    ("ladybug", "lady_beetle"),
];

/// The emoji of a name as it stands between colons, with or without `::skin-tone-3`.
pub(super) fn of(name: &str) -> Option<String> {
    let (name, tone) = name.split_once("::skin-tone-").unwrap_or((name, ""));
    let emoji = plain(name)?;
    let tone = match tone {
        "2" => emojis::SkinTone::Light,
        "3" => emojis::SkinTone::MediumLight,
        "4" => emojis::SkinTone::Medium,
        "5" => emojis::SkinTone::MediumDark,
        "6" => emojis::SkinTone::Dark,
        _ => return Some(emoji.as_str().to_owned()),
    };
    Some(emoji.with_skin_tone(tone).unwrap_or(emoji).as_str().to_owned())
}

/// The name of an emoji, as Slack takes it; `None` for what is none.
pub(super) fn name(emoji: &str) -> Option<String> {
    if let Some(own) = emoji.strip_prefix(':').and_then(|own| own.strip_suffix(':')) {
        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '+' | '\'');
        return (!own.is_empty() && own.chars().all(plain)).then(|| own.to_owned());
    }
    let known = emojis::get(emoji)?;
    let tone = match known.skin_tone() {
        Some(emojis::SkinTone::Light) => "::skin-tone-2",
        Some(emojis::SkinTone::MediumLight) => "::skin-tone-3",
        Some(emojis::SkinTone::Medium) => "::skin-tone-4",
        Some(emojis::SkinTone::MediumDark) => "::skin-tone-5",
        Some(emojis::SkinTone::Dark) => "::skin-tone-6",
        _ => "",
    };
    let plain = known.with_skin_tone(emojis::SkinTone::Default).unwrap_or(known);
    let letter = |c: char| char::from_u32(u32::from(c).checked_sub(0x1_F1E6)? + u32::from('a'));
    let country: Option<String> = plain.as_str().chars().map(|c| letter(c).filter(char::is_ascii_lowercase)).collect();
    let shared = plain.shortcode()?;
    // Where Slack has a name of its own, that one.
    let own = ALIASES.iter().find(|(slack, other)| *other == shared && *slack != "simple_smile");
    let name = match (country.filter(|country| country.len() == 2), own) {
        (Some(country), _) => format!("flag-{country}"),
        (None, Some((slack, _))) => (*slack).to_owned(),
        (None, None) => shared.to_owned(),
    };
    Some(name + tone)
}

fn plain(name: &str) -> Option<&'static emojis::Emoji> {
    if let Some(country) = name.strip_prefix("flag-").filter(|country| country.len() == 2) {
        let letter = |c: char| char::from_u32(0x1_F1E6 + u32::from(c).checked_sub(u32::from('a'))?);
        return emojis::get(&country.chars().filter_map(letter).collect::<String>());
    }
    let alias = ALIASES.iter().find(|(slack, _)| *slack == name).map(|(_, other)| *other);
    emojis::get_by_shortcode(alias.unwrap_or(name)).or_else(|| emojis::get_by_shortcode(&name.replace('-', "_")))
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::{name, of};

    #[test]
    fn emoji_have_names_that_lead_back_to_them() {
        for emoji in ["👍", "❤️", "😂", "🎉", "🤔", "👍🏽", "🇩🇪", "✅"] {
            let name = name(emoji).expect(emoji);
            assert_eq!(of(&name).as_deref(), Some(emoji), "{name}");
        }
        assert_eq!(name("👍").as_deref(), Some("+1"));
        assert_eq!(name(":partyparrot:").as_deref(), Some("partyparrot"));
        for none in ["", "x", "::", ":a b:", "👍👍"] {
            assert_eq!(name(none), None, "{none}");
        }
    }

    #[test]
    fn names_become_emoji() {
        for (name, emoji) in [
            ("thumbsup", "👍"),
            ("+1", "👍"),
            ("thumbsup::skin-tone-4", "👍🏽"),
            ("tada", "🎉"),
            ("thinking_face", "🤔"),
            ("flag-de", "🇩🇪"),
            ("man-shrugging", "🤷‍♂️"),
            ("white_check_mark", "✅"),
            ("heart", "❤️"),
        ] {
            assert_eq!(of(name).as_deref(), Some(emoji), "{name}");
        }
        assert_eq!(of("our-own-parrot"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn every_alias_leads_somewhere() {
        for (slack, _) in super::ALIASES {
            assert!(of(slack).is_some(), "{slack}");
        }
    }
}
