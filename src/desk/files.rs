//! Files that are sent along: read once, when their form is saved, so that what is sent is what was there then.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::domain::offer::{Choice, FieldKey};
use crate::domain::submission::{Attachment, Submission};
use crate::domain::text::one_line;

/// Bytes of a file that are sent at most.
const MOST: u64 = 4 * 1024 * 1024;

/// How a picture begins, as vendors take it: JPEG and PNG.
const PICTURES: [&[u8]; 2] = [b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1a\n"];

/// How long a disk, which may be one of the network, may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Takes the content of the file that a field names into the submission; of where it lay, only its name stays.
pub async fn attach(submission: &mut Submission, field: FieldKey) -> Result<(), String> {
    let (name, content) = content(field, submission.detail(field)).await?;
    submission.attachment = Some(Attachment {
        name: name.clone(),
        base64: BASE64_STANDARD.encode(content).into(),
    });
    submission.details.insert(field, Choice::plain(&name));
    Ok(())
}

/// Whether the file of this name could be taken as it is now, or why not.
pub async fn look(field: FieldKey, typed: &str) -> Result<(), String> {
    content(field, typed).await.map(drop)
}

/// Its name without the folders, and what is in it.
async fn content(field: FieldKey, typed: &str) -> Result<(String, Vec<u8>), String> {
    let path = path(typed).ok_or("the home folder is not known: type the whole path")?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = one_line(&name);
    let reading = timeout(PATIENCE, spawn_blocking(move || read(&path))).await;
    let content = match reading {
        Ok(Ok(content)) => content?,
        Ok(Err(_)) => return Err("the file could not be read".to_owned()),
        Err(_) => return Err("the file is not given: its disk takes too long".to_owned()),
    };
    let is_picture = PICTURES.iter().any(|begins| content.starts_with(begins));
    if field == FieldKey::Image && !is_picture {
        return Err("this is no picture that can be sent: choose a JPEG or PNG file".to_owned());
    }
    Ok((name, content))
}

/// A path as it is typed, or pasted with the quotes that terminals put around one that is dropped.
fn path(typed: &str) -> Option<PathBuf> {
    let typed = typed.trim();
    let bare = ['\'', '"'].into_iter().find_map(|quote| {
        let rest = typed.strip_prefix(quote)?;
        rest.strip_suffix(quote)
    });
    let bare = bare.unwrap_or(typed);
    match bare.strip_prefix("~/") {
        Some(rest) => Some(etcetera::home_dir().ok()?.join(rest)),
        None => Some(PathBuf::from(bare)),
    }
}

/// Opens nothing but a regular file: a pipe would be waited for.
fn read(path: &Path) -> Result<Vec<u8>, String> {
    let told = std::fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        kind => format!("the file cannot be read: {kind}"),
    })?;
    if !told.is_file() {
        return Err("this is not a file: choose one".to_owned());
    }
    let unread = |error: std::io::Error| format!("the file cannot be read: {}", error.kind());
    let file = File::open(path).map_err(unread)?;
    let mut content = Vec::new();
    // It may have grown since.
    file.take(MOST + 1)
        .read_to_end(&mut content)
        .map_err(unread)?;
    match content.len() as u64 {
        0 => Err("the file is empty".to_owned()),
        size if size > MOST => Err("the file is too large: 4 MB at most".to_owned()),
        _ => Ok(content),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::branch::{Branch, BranchId};
    use crate::domain::offer::Kind;
    use crate::domain::submission::Patient;

    fn submission(path: &str) -> Submission {
        let branch = Branch {
            id: BranchId("b1".into()),
            name: "Harbour".into(),
            address: None,
            zone: None,
        };
        let mut submission = Submission::of(Kind::Change, branch, Patient::named("Rahul"));
        submission
            .details
            .insert(FieldKey::Image, Choice::plain(path));
        submission
    }

    #[tokio::test]
    async fn a_file_is_taken_in_and_its_folder_is_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photo  id.png");
        std::fs::write(&path, b"\x89PNG\r\n\x1a\n").unwrap();
        let quoted = format!(" '{}' ", path.display());
        let mut submission = submission(&quoted);
        attach(&mut submission, FieldKey::Image).await.unwrap();
        let attachment = submission.attachment.as_ref().unwrap();
        assert_eq!(attachment.name, one_line("photo  id.png"));
        assert_eq!(&*attachment.base64, "iVBORw0KGgo=");
        let text = serde_json::to_string(&submission).unwrap();
        let folder = folder.path().display().to_string();
        assert!(!text.contains(&folder), "{text}");
    }

    #[tokio::test]
    async fn what_is_no_file_or_too_large_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let large = folder.path().join("large.png");
        let many = usize::try_from(MOST).unwrap() + 1;
        std::fs::write(&large, vec![0; many]).unwrap();
        let empty = folder.path().join("empty.png");
        std::fs::write(&empty, b"").unwrap();
        // By what it is, and not by its name.
        let gif = folder.path().join("card.png");
        std::fs::write(&gif, b"GIF89a and more").unwrap();
        let cases = [
            (gif, "JPEG or PNG"),
            (folder.path().join("none.png"), "no such file"),
            (folder.path().to_owned(), "not a file"),
            (large, "too large"),
            (empty, "empty"),
        ];
        for (path, words) in cases {
            let mut submission = submission(path.to_str().unwrap());
            let why = attach(&mut submission, FieldKey::Image).await.unwrap_err();
            assert!(why.contains(words), "{why}");
            assert!(submission.attachment.is_none());
        }
    }

    #[test]
    fn the_home_folder_is_understood() {
        let home = etcetera::home_dir().unwrap();
        assert_eq!(path("~/card.png"), Some(home.join("card.png")));
        assert_eq!(path("\"/a b/c.png\""), Some(PathBuf::from("/a b/c.png")));
    }
}
