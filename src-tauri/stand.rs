//! Where the window stands: kept in the data folder soon after it was moved, and taken up again. A
//! session that ends at a stroke takes nothing of it along.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tauri::{Manager, PhysicalPosition, PhysicalSize, WebviewWindow, Window};

/// The smallest window, in logical pixels.
pub(crate) const LEAST: (f64, f64) = (900.0, 600.0);
/// So much of the upper edge has to be on a screen, in pixels, for a person to get hold of it.
const GRIP: (i32, i32) = (160, 40);

/// A window that is dragged is written down once in this time.
const SOON: Duration = Duration::from_millis(500);

/// A rectangle on the desktop, in physical pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Area {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
}

/// How the window was when it was last seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    #[serde(flatten)]
    area: Area,
    maximised: bool,
}

/// The window's place, and the file that keeps it.
pub(crate) struct Stand {
    file: PathBuf,
    seen: Mutex<Option<Seen>>,
    /// It is about to be written down.
    soon: AtomicBool,
}

impl Stand {
    /// What the data folder remembers; a file that cannot be understood counts as none.
    pub(crate) fn read(file: PathBuf) -> Self {
        let seen = std::fs::read(&file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { file, seen: Mutex::new(seen), soon: AtomicBool::new(false) }
    }

    /// Takes note of where the window is now. A maximised window keeps the place it goes back to.
    pub(crate) fn look(&self, window: &Window) {
        let (Ok(position), Ok(size)) = (window.outer_position(), window.inner_size()) else { return };
        let (Ok(maximised), Ok(minimised), Ok(visible)) =
            (window.is_maximized(), window.is_minimized(), window.is_visible())
        else {
            return;
        };
        if minimised || !visible || size.width == 0 || size.height == 0 {
            return;
        }
        let area = Area { x: position.x, y: position.y, width: size.width, height: size.height };
        let Ok(mut seen) = self.seen.lock() else { return };
        let area = match *seen {
            Some(before) if maximised => before.area,
            _ => area,
        };
        let now = Some(Seen { area, maximised });
        if std::mem::replace(&mut *seen, now) != now && !self.soon.swap(true, Ordering::Relaxed) {
            let app = window.app_handle().clone();
            tauri::async_runtime::spawn(async move {
                tokio::time::sleep(SOON).await;
                let stand = app.state::<Self>();
                stand.soon.store(false, Ordering::Relaxed);
                stand.keep();
            });
        }
    }

    /// Writes it down.
    pub(crate) fn keep(&self) {
        // Held while it is written: there is one file.
        let Ok(held) = self.seen.lock() else { return };
        let Some(seen) = *held else { return };
        let kept = serde_json::to_vec(&seen).map_err(std::io::Error::from).and_then(|bytes| {
            // A whole file or the old one, whatever happens in between.
            let new = self.file.with_extension("new");
            std::fs::write(&new, bytes)?;
            std::fs::rename(&new, &self.file)
        });
        if let Err(error) = kept {
            tracing::warn!(%error, "the window's place was not kept");
        }
    }
}

/// Puts the window where it was, if a person can still get hold of it there.
pub(crate) fn restore(window: &WebviewWindow, stand: &Stand) {
    let Some(seen) = stand.seen.lock().ok().and_then(|seen| *seen) else { return };
    let screens: Vec<Area> = window
        .available_monitors()
        .unwrap_or_default()
        .iter()
        .map(|monitor| Area {
            x: monitor.position().x,
            y: monitor.position().y,
            width: monitor.size().width,
            height: monitor.size().height,
        })
        .collect();
    let (size, position) = fit(seen.area, &screens);
    let mut put = window.set_size(PhysicalSize::new(size.0, size.1));
    if let (Ok(()), Some((x, y))) = (&put, position) {
        put = window.set_position(PhysicalPosition::new(x, y));
    }
    if put.is_ok() && seen.maximised {
        put = window.maximize();
    }
    if let Err(error) = put {
        tracing::warn!(%error, "the window is not where it was");
    }
}

/// The size a window may have, and its position unless that would be off every screen.
fn fit(area: Area, screens: &[Area]) -> ((u32, u32), Option<(i32, i32)>) {
    let largest = |side: fn(&Area) -> u32| screens.iter().map(side).max().unwrap_or(u32::MAX);
    let size = (area.width.min(largest(|screen| screen.width)), area.height.min(largest(|screen| screen.height)));
    let end = |start: i32, length: u32| start.saturating_add_unsigned(length);
    let shared = |a: (i32, i32), b: (i32, i32)| a.1.min(b.1).saturating_sub(a.0.max(b.0));
    let within_reach = screens.iter().any(|screen| {
        let across = shared((area.x, end(area.x, size.0)), (screen.x, end(screen.x, screen.width)));
        let edge = (area.y, area.y.saturating_add(GRIP.1));
        let down = shared(edge, (screen.y, end(screen.y, screen.height)));
        across >= GRIP.0 && down >= GRIP.1
    });
    (size, within_reach.then_some((area.x, area.y)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const LEFT: Area = Area { x: 0, y: 0, width: 1920, height: 1080 };
    const RIGHT: Area = Area { x: 1920, y: 0, width: 2560, height: 1440 };

    fn at(x: i32, y: i32, width: u32, height: u32) -> Area {
        Area { x, y, width, height }
    }

    #[test]
    fn a_window_is_put_back_where_a_person_can_reach_it() {
        let both = [LEFT, RIGHT];
        assert_eq!(fit(at(100, 50, 1280, 800), &both), ((1280, 800), Some((100, 50))));
        assert_eq!(fit(at(2000, 300, 1280, 800), &both).1, Some((2000, 300)));
        // The screen on the right is gone; a strip that is left is enough to pull it back.
        assert_eq!(fit(at(2000, 300, 1280, 800), &[LEFT]).1, None);
        assert_eq!(fit(at(1700, 300, 1280, 800), &[LEFT]).1, Some((1700, 300)));
        assert_eq!(fit(at(1900, 300, 1280, 800), &[LEFT]).1, None);
        // Its upper edge is what one moves it by.
        assert_eq!(fit(at(100, -200, 1280, 800), &[LEFT]).1, None);
        assert_eq!(fit(at(100, 1060, 1280, 800), &[LEFT]).1, None);
        assert_eq!(fit(at(-1100, 100, 1280, 800), &[LEFT]).1, Some((-1100, 100)));
    }

    #[test]
    fn a_window_is_never_larger_than_a_screen() {
        assert_eq!(fit(at(0, 0, 3000, 2000), &[LEFT]).0, (1920, 1080));
        assert_eq!(fit(at(0, 0, 3000, 1200), &[LEFT, RIGHT]).0, (2560, 1200));
        assert_eq!(fit(at(0, 0, 1280, 800), &[]), ((1280, 800), None));
        assert_eq!(fit(at(i32::MAX, i32::MAX, u32::MAX, u32::MAX), &[LEFT]), ((1920, 1080), None));
    }

    #[test]
    fn a_broken_file_is_no_place() {
        let folder = std::env::temp_dir().join(format!("inlet-stand-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("window.json");
        for broken in ["", "{", "[]", r#"{"x":1}"#, r#"{"x":1,"y":2,"width":-3,"height":4,"maximised":false}"#] {
            std::fs::write(&file, broken).unwrap();
            assert_eq!(*Stand::read(file.clone()).seen.lock().unwrap(), None, "{broken}");
        }
        let seen = Seen { area: at(1, -2, 3, 4), maximised: true };
        let stand = Stand { file: file.clone(), seen: Mutex::new(Some(seen)), soon: AtomicBool::new(false) };
        stand.keep();
        assert_eq!(*Stand::read(file).seen.lock().unwrap(), Some(seen));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
