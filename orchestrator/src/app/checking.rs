//! Whether what is kept agrees with itself, and mending what does not.
//!
//! Mending takes nothing away that cannot be had again: what is derived is built anew, a row forgets a file that is not
//! there so that it is fetched again, a file that is not what it was is moved aside, and what nobody names is removed. In
//! a damaged database nothing is mended.

use std::{collections::HashSet, sync::Arc, time::Duration};

use inlet_model::{CheckStep, ItemId};

use super::{App, blocking};
use crate::{
    api::{
        ApiError, ErrorCode,
        types::{CheckDataParams, CheckView, Nothing, WorkKind},
    },
    backup,
    search::{CancelToken, Index},
    store::{attachment, copy::Snapshot, integrity, item, rule, suggestion, thread},
    sync::before,
};

const DATABASE: &str = "The database";
const BODIES: &str = "The texts";
const REFERENCES: &str = "What refers to what";
const FILES: &str = "Files of messages";
const INDEX: &str = "Search index";
const FOLLOWERS: &str = "What follows the changes";
const LEFT: &str = "What was left behind";

/// Where files go that are not what they were.
const DAMAGED: &str = "damaged";
/// What nobody has written to for so long nobody will finish.
const ABANDONED: Duration = Duration::from_secs(3600);
/// What to do about a damaged file of the database.
const RESTORE: &str = "Restore a backup into another folder, or keep a copy of the data folder, move inlet.db and \
                       bodies.db out of it and start again: what the servers have is fetched anew.";
const REPORT: &str = "This should not happen: please report it with the bundle of Settings, Diagnostics.";

impl App {
    /// `data.check`.
    pub(crate) async fn check_data(&self, params: CheckDataParams) -> Result<CheckView, ApiError> {
        if params.repair && !self.owns() {
            return Err(ApiError::new(
                ErrorCode::Refused,
                "Inlet is open in another window or terminal, which has this data; repair it there, or close it first.",
            ));
        }
        let mut steps = match self.store.snapshot().await {
            Ok(snapshot) => blocking(move || databases(&snapshot)).await?,
            Err(error) => vec![failed(DATABASE, ApiError::from(error).message, RESTORE)],
        };
        let repair = params.repair && steps.iter().filter(|step| step.name != REFERENCES).all(|step| step.ok);
        steps.push(self.check_files(repair).await.unwrap_or_else(|error| unchecked(FILES, error)));
        steps.push(self.check_index(repair).await.unwrap_or_else(|error| unchecked(INDEX, error)));
        steps.push(self.check_followers(repair).await.unwrap_or_else(|error| unchecked(FOLLOWERS, error)));
        steps.push(self.check_left(repair).await.unwrap_or_else(|error| unchecked(LEFT, error)));
        Ok(CheckView { ok: steps.iter().all(|step| step.ok), identity: None, steps })
    }

    /// Every file that is named is here, and is what it is named by.
    async fn check_files(&self, repair: bool) -> Result<CheckStep, ApiError> {
        let named = self.store.read(|reader| attachment::hashes(&reader.main)).await?;
        let (all, attachments) = (named.len() as u64, self.attachments.clone());
        let mut work = self.works.begin(WorkKind::Check, FILES, Some(all));
        let runtime = tokio::runtime::Handle::current();
        let looking = move || -> Result<_, ApiError> {
            let (mut missing, mut damaged) = (Vec::new(), Vec::new());
            for (done, hash) in (0..).zip(named) {
                runtime.block_on(work.step(done))?;
                if attachments.path(&hash).is_none() {
                    missing.push(hash);
                } else if !attachments.is_intact(&hash).unwrap_or(false) {
                    damaged.push(hash);
                }
            }
            Ok((missing, damaged))
        };
        let (mut missing, mut damaged) = blocking(looking).await??;
        // What went meanwhile is not missed.
        let named = self.store.read(|reader| attachment::hashes(&reader.main)).await?;
        missing.retain(|hash| named.contains(hash));
        damaged.retain(|hash| named.contains(hash));
        if missing.is_empty() && damaged.is_empty() {
            return Ok(CheckStep::passed(FILES, format!("All {all} that are kept are here and as they came.")));
        }
        let (gone, bad) = (missing.len(), damaged.len());
        if !repair {
            return Ok(failed(
                FILES,
                format!("Of {all} that are kept, {gone} are missing and {bad} are not what they were."),
                "Repairing has them fetched again when they are opened, and moves aside what is not as it was.",
            ));
        }
        let folder = self.data_dir.join(DAMAGED);
        for hash in &damaged {
            self.attachments.set_aside(hash, &folder).map_err(|error| super::unsaved(&folder, &error))?;
        }
        let (attachments, hashes) = (self.attachments.clone(), [missing, damaged].concat());
        self.store
            .write_durable(move |tx| {
                // Somebody may have fetched it a moment ago.
                for hash in hashes.iter().filter(|hash| attachments.path(hash).is_none()) {
                    attachment::forget_hash(tx, hash)?;
                }
                Ok(())
            })
            .await?;
        let folder = folder.display();
        Ok(CheckStep::passed(
            FILES,
            format!(
                "{gone} were missing and {bad} were not what they were: they are fetched again when they are opened. \
                 What was damaged lies in {folder} now."
            ),
        ))
    }

    /// What can be found is what there is.
    async fn check_index(&self, repair: bool) -> Result<CheckStep, ApiError> {
        let index = match self.writable_index() {
            Some(index) => index,
            // What another process commits is seen by whoever opens it afterwards.
            None => match Index::open_read_only(&self.data_dir.join("index"))? {
                Some(index) => Arc::new(index),
                None => return Ok(CheckStep::passed(INDEX, "There is none yet; it is built by whoever syncs.")),
            },
        };
        let (reached, differs) = self.compare_index(&index).await?;
        let behind =
            self.store.read(move |reader| item::count_after(&reader.main, reached.unwrap_or(i64::MIN))).await?;
        let newest = self.store.read(|reader| thread::newest_rev(&reader.main)).await?;
        let ahead = reached.is_some_and(|reached| reached > newest);
        let unbuilt = reached.is_none() && behind > 0;
        if !ahead && !unbuilt && differs == Some(0) {
            return Ok(CheckStep::passed(
                INDEX,
                if behind == 0 {
                    "Everything can be found.".to_owned()
                } else {
                    format!("Everything can be found but the last {behind} changes, which the next sync takes in.")
                },
            ));
        }
        let found = match differs {
            None => "Its files cannot be read.".to_owned(),
            Some(_) if ahead => "It is newer than the database.".to_owned(),
            Some(_) if unbuilt => "It is empty.".to_owned(),
            Some(differs) => format!("It does not agree with the database about {differs} messages."),
        };
        if !repair {
            return Ok(failed(INDEX, found, "Repairing builds it anew."));
        }
        self.index_from_nothing().await?;
        Ok(CheckStep::passed(INDEX, format!("{found} It was built anew.")))
    }

    /// Up to where the index has followed, and how many items it has too many or too few of what it says it has; nothing
    /// when its files cannot be read.
    async fn compare_index(&self, index: &Arc<Index>) -> Result<(Option<i64>, Option<u64>), ApiError> {
        let all = |reader: &crate::store::Reader| item::all_ids(&reader.main);
        let earlier: HashSet<ItemId> = self.store.read(all).await?.into_iter().collect();
        let (asked, states, query) = (index.clone(), self.states.clone(), self.understood("", false));
        let owns = self.owns();
        let (reached, found) = blocking(move || {
            // What was read of the files when this process opened them, where another one writes them.
            let reached = if owns { asked.committed() } else { asked.watermark() };
            let flushed = !owns || asked.flush().is_ok();
            let sound = flushed && asked.is_sound().unwrap_or(false);
            let found = sound.then(|| asked.items(&query, &*states, &CancelToken::default()).ok()).flatten();
            (reached, found)
        })
        .await?;
        let Some(found) = found else { return Ok((reached, None)) };
        let up_to = reached.unwrap_or(i64::MIN);
        let (now, settled) = self
            .store
            .read(move |reader| {
                let mut known = item::all_ids(&reader.main)?;
                known.extend(item::ids_after(&reader.main, up_to)?);
                Ok((known, item::ids_up_to(&reader.main, up_to)?))
            })
            .await?;
        let now: HashSet<ItemId> = now.into_iter().collect();
        // What came or went while this was looked at says nothing.
        let lost = settled
            .iter()
            .filter(|id| earlier.contains(*id))
            .filter(|id| !u64::try_from(id.0).is_ok_and(|id| found.contains(id)));
        let left = found
            .iter()
            .filter_map(|id| i64::try_from(id).ok().map(ItemId))
            .filter(|id| !earlier.contains(id) && !now.contains(id));
        Ok((reached, Some((lost.count() + left.count()) as u64)))
    }

    /// Nobody who follows the changes says to be further than they are.
    async fn check_followers(&self, repair: bool) -> Result<CheckStep, ApiError> {
        let (newest, thought, ruled) = self
            .store
            .read(|reader| {
                let conn = &reader.main;
                Ok((thread::newest_rev(conn)?, suggestion::watermark(conn)?, rule::watermark(conn)?))
            })
            .await?;
        let (thinking, rules) = (thought > newest, ruled > newest);
        if !thinking && !rules {
            return Ok(CheckStep::passed(FOLLOWERS, "Suggestions and rules are where they should be."));
        }
        if !repair {
            return Ok(failed(
                FOLLOWERS,
                "Suggestions or rules wait for changes that were never made.",
                "Repairing thinks everything anew; rules go on with what comes next.",
            ));
        }
        if rules {
            // What was passed over is not run after the fact: it may have been, and rules send.
            self.store
                .write(|tx| {
                    let newest = thread::newest_rev(tx.main)?;
                    rule::set_watermark(tx, newest)
                })
                .await?;
        }
        if thinking {
            self.rebuild_actions(Nothing {}).await?;
        }
        Ok(CheckStep::passed(
            FOLLOWERS,
            "Suggestions or rules waited for changes that were never made; they go on from where the changes are.",
        ))
    }

    /// Nothing lies here that nobody names.
    async fn check_left(&self, repair: bool) -> Result<CheckStep, ApiError> {
        let stage = self.data_dir.join(backup::STAGE);
        let (attachments, since) = (self.attachments.clone(), before(self.clock.now(), ABANDONED));
        let (orphans, unfinished) = {
            // Nothing is on its way to its name meanwhile.
            let _alone = self.sweeping.write().await;
            let looking = move || -> std::io::Result<_> { Ok((attachments.hashes()?, attachments.unfinished(since)?)) };
            let (here, unfinished) =
                blocking(looking).await?.map_err(|error| super::unsaved(&self.data_dir, &error))?;
            let named = self.store.read(|reader| attachment::hashes(&reader.main)).await?;
            (here.iter().filter(|hash| !named.contains(*hash)).count(), unfinished)
        };
        let halves = unfinished.len() + usize::from(stage.exists());
        if orphans == 0 && halves == 0 {
            return Ok(CheckStep::passed(LEFT, "There is nothing."));
        }
        if !repair {
            return Ok(failed(
                LEFT,
                format!("{orphans} files that no message names, and {halves} that were never finished."),
                "Repairing removes them.",
            ));
        }
        self.sweep_attachments().await?;
        let failed = |error: std::io::Error| super::unsaved(&self.data_dir, &error);
        for path in &unfinished {
            std::fs::remove_file(path).map_err(failed)?;
        }
        if stage.exists() {
            std::fs::remove_dir_all(&stage).map_err(failed)?;
        }
        Ok(CheckStep::passed(
            LEFT,
            format!("{orphans} files that no message named, and {halves} that were never finished, were removed."),
        ))
    }
}

/// Both files of the store, as of one moment.
fn databases(snapshot: &Snapshot) -> Vec<CheckStep> {
    let reader = &snapshot.reader;
    let sound = |name: &str, file: &str, conn| match integrity::is_sound(conn) {
        Ok(true) => CheckStep::passed(name, format!("{file} is sound.")),
        Ok(false) => failed(name, format!("{file} is damaged."), RESTORE),
        Err(error) => failed(name, ApiError::from(error).message, RESTORE),
    };
    let mut steps =
        vec![sound(DATABASE, crate::store::MAIN, &reader.main), sound(BODIES, crate::store::BODIES, &reader.bodies)];
    if steps.iter().all(|step| step.ok) {
        steps.push(match (integrity::dangling(&reader.main), integrity::without_body(reader)) {
            (Ok(0), Ok(0)) => CheckStep::passed(REFERENCES, "Every row and every text is where others say it is."),
            (Ok(0), Ok(lost)) => failed(
                REFERENCES,
                format!("{lost} messages have lost their text."),
                "Remove the account and connect it again: what its server has is fetched anew.",
            ),
            (Ok(rows), Ok(_)) => failed(REFERENCES, format!("{rows} rows name others that are not there."), REPORT),
            (Err(error), _) | (_, Err(error)) => failed(REFERENCES, ApiError::from(error).message, RESTORE),
        });
    }
    steps
}

fn failed(name: &str, found: impl Into<String>, fix: &str) -> CheckStep {
    CheckStep::failed(name, found, fix)
}

/// What could not be looked at.
fn unchecked(name: &str, error: ApiError) -> CheckStep {
    CheckStep { name: name.to_owned(), ok: false, detail: error.message, fix: None }
}
