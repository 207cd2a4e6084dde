//! Kills while a file of an earlier program is brought up to date, and while settled wishes are forgotten.

use std::path::Path;

use sqlx::{ConnectOptions, Connection, Executor};

use crate::judge::{When, judge};
use crate::scenes::{close, save, work};
use crate::site::{Site, Time};
use crate::stage::{Scene, Stage};
use crate::tally::{Promise, Tally};
use crate::wishes::Wishes;

/// The tables of the first release.
const FIRST: &str = include_str!("../../src/store/sqlite/schema-1.sql");

/// Columns that the first release had, by table.
const COLUMNS: [(&str, &str); 3] = [
    (
        "intents",
        "id, draft, profile, payload, hash, saved_at, day",
    ),
    ("attempts", "intent, number, hash, started_at, ended_at"),
    ("evidence", "seq, intent, at, fact"),
];

pub fn scenes() -> Vec<Scene> {
    let mut scenes = Vec::new();
    for number in 0..4 {
        scenes.push(Scene::new(format!("migration {number}"), migrate));
        scenes.push(Scene::new(format!("purge {number}"), purge));
    }
    scenes
}

fn migrate(stage: &mut Stage) -> Tally {
    let site = stage.site(Time::morning(60.0));
    let mut tally = Tally::default();
    let mut wishes = Wishes::default();
    save(&site, &mut wishes, 6, &mut tally);
    let ended = site.run(&["courier", "--until-idle"], &[], "kill=answered:2");
    if ended.was_killed() {
        tally.kill("answered");
    }
    save(&site, &mut wishes, 6, &mut tally);
    tally.add(judge(&site, &mut wishes, When::Between));
    site.block_on(bring_back(&site.store()));
    for point in [
        "migration-uncommitted",
        "migration-uncommitted",
        "migration-committed",
    ] {
        let ended = site.run(
            &["courier", "--until-idle"],
            &[],
            &format!("kill={point}:1"),
        );
        if ended.was_killed() {
            tally.kill(point);
        } else {
            tally.breaks(
                Promise::Unwell,
                format!("{point} was not met: {}", ended.err),
            );
        }
    }
    close(&site, &mut wishes, &mut tally);
    tally
}

/// Writes the file anew as the first release would have left it.
async fn bring_back(path: &Path) {
    let old = path.with_extension("first");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&old)
        .create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    connection.execute(FIRST).await.unwrap();
    let attach = format!("ATTACH '{}' AS later", path.display());
    connection
        .execute(sqlx::AssertSqlSafe(attach))
        .await
        .unwrap();
    for (table, columns) in COLUMNS {
        let copy = format!("INSERT INTO {table} ({columns}) SELECT {columns} FROM later.{table}");
        connection.execute(sqlx::AssertSqlSafe(copy)).await.unwrap();
    }
    connection.execute("DETACH later").await.unwrap();
    connection
        .execute("INSERT INTO unsettled SELECT id FROM intents")
        .await
        .unwrap();
    connection.close().await.unwrap();
    for beside in ["-wal", "-shm"] {
        let mut beside_it = path.as_os_str().to_owned();
        beside_it.push(beside);
        drop(std::fs::remove_file(beside_it));
    }
    let rights = std::fs::metadata(path).unwrap().permissions();
    std::fs::rename(&old, path).unwrap();
    std::fs::set_permissions(path, rights).unwrap();
}

fn purge(stage: &mut Stage) -> Tally {
    let site = stage.site(Time::morning(60.0));
    let mut tally = Tally::default();
    let mut wishes = Wishes::default();
    save(&site, &mut wishes, 8, &mut tally);
    work(&site, &mut tally);
    // These stay, whatever is forgotten.
    save(&site, &mut wishes, 4, &mut tally);
    tally.add(judge(&site, &mut wishes, When::Between));
    for wish in wishes.all.values_mut() {
        wish.was_purged = wish
            .told
            .as_ref()
            .is_some_and(|told| matches!(told.state.as_str(), "Accepted" | "Not accepted"));
    }
    for point in ["purge-half-way", "purge-uncommitted", "purge-committed"] {
        let visit = match point {
            "purge-half-way" => stage.chance.u32(1..=20),
            _ => 1,
        };
        let ended = forget(&site, &format!("kill={point}:{visit}"));
        if ended.was_killed() {
            tally.kill(point);
        } else {
            let words = format!("{point} was not met: {}", ended.err);
            tally.breaks(Promise::Unwell, words);
        }
        tally.add(judge(&site, &mut wishes, When::Between));
    }
    forget(&site, "");
    let left = site.block_on(settled(&site.store()));
    if left > 0 {
        tally.breaks(Promise::Unwell, format!("{left} settled ones were kept"));
    }
    close(&site, &mut wishes, &mut tally);
    tally
}

/// How many settled ones the store still has.
async fn settled(path: &Path) -> i64 {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
    let mut connection = options.connect().await.unwrap();
    sqlx::query_scalar("SELECT count(*) FROM digests WHERE settled_at IS NOT NULL")
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

fn forget(site: &Site, trial: &str) -> crate::program::Ended {
    site.run(&["purge", "--older-than", "0h"], &[], trial)
}
