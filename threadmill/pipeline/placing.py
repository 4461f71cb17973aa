"""Tell from the content which platform a document outside of all platforms' folders comes from."""

from pathlib import Path

from threadmill.pipeline.plan import LastRun
from threadmill.read import discover
from threadmill.read.discover import Discovery, Document


def place_documents(
    raw: Path,
    found: Discovery,
    last: LastRun | None = None,
    made_with: dict[str, str] | None = None,
) -> Discovery:
    """Return `found` with the platform of each document whose folder isn't named as one, where its content tells.

    A document that the last run placed with the same code isn't looked at again.
    """
    published = last.published if last else None
    is_same_code = published is not None and published.made_with == made_with
    known = published.documents if published and is_same_code else {}
    fresh = [one for one in found.documents if known.get(one.path) != one]
    if not fresh:
        return found
    from threadmill import sources

    platforms = {*sources.list_platforms()}
    placed = {
        one.path: platform
        for one in fresh
        if (folder := _name_folder(one.path)) not in platforms
        and (not folder or discover.find_mapping(raw, one.path) is None)
        and (platform := _look_into(raw, one, folder))
    }
    documents = [
        one._replace(platform=placed[one.path]) if one.path in placed else one
        for one in found.documents
    ]
    return found._replace(documents=documents)


def _name_folder(path: str) -> str:
    first, slash, _ = path.partition("/")
    return first.lower() if slash else ""


def _look_into(raw: Path, document: Document, folder: str) -> str:
    """Return the platform that the content of `document` tells, else the name of its `folder`."""
    from threadmill import sources
    from threadmill.read import documents

    for texts, _ in documents.read_frames(raw, [document], {document.path: None}):
        for text in texts["text"]:
            return sources.find_platform(text) or folder
    return folder
