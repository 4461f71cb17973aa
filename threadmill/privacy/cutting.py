"""Cut what is erased out of the content of a raw document: words become boxes, names what stands for them.

The form stays: a page keeps its lines, JSON and CSV their fields. Whether a reader finds the same in what this makes as
it leaves of the document as it was, whoever calls this has to look: `pipeline.rewriting` does.
"""

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from threadmill.privacy import words
from threadmill.privacy.words import BOX

_TAG = re.compile(r"<[^>]*>")
_ABOUT = re.compile(
    r"(?i)^(?:about|avatar.*|author_flair_text|bio|description|email|flair|headline|icon_.*|photo_url"
    r"|profile_image_url|signature|tagline|website)$"
)
"""Fields of a person that hold more of theirs than a name."""
_ABOVE = re.compile(r"parent|reply|link_id|in_reply|context")
"""Fields whose id is that of another comment."""


class Said(NamedTuple):
    """A comment as it was read from the document, in its order."""

    text: str
    is_erased: bool
    native_id: str | None


class Cut(NamedTuple):
    """What is cut out of a document."""

    comments: list[Said]
    standing: dict[str, str]
    """What takes the place of a name, handle or id of a person where it stands by itself, by the folded name."""
    addresses: frozenset[str]
    mask: Callable[[str], str]
    """Masks names and quotations in what others wrote."""


def cut_content(content: str, is_table: bool, cut: Cut) -> str:
    """Return `content` without what is `cut` out; `is_table` says that it is CSV."""
    if content.lstrip()[:1] in ("{", "["):
        try:
            whole = json.loads(content)
        except ValueError:
            # A page may begin so; or each line is an object.
            lines = content.splitlines(keepends=True)
            if all(line.lstrip()[:1] in ("{", "") for line in lines):
                return "".join(cut_lines(lines, cut))
            return _cut_text(content, cut)
        return json.dumps(_Objects(cut).cut(whole), ensure_ascii=False, indent=1)
    return _cut_table(content, cut) if is_table else _cut_text(content, cut)


def cut_lines(lines: Iterable[str], cut: Cut) -> Iterator[str]:
    """Yield `lines`, each an object, without what is `cut` out; those that name nobody as they are."""
    objects = _Objects(cut)
    signs = objects.list_signs()
    for line in lines:
        if signs and not any(sign in line for sign in signs):
            yield line
            continue
        end = line[len(line.rstrip("\r\n")) :]
        try:
            found = json.loads(line)
        except ValueError:
            yield line
            continue
        yield json.dumps(objects.cut(found), ensure_ascii=False) + end


class _Objects:
    """Cuts nested objects."""

    def __init__(self, cut: Cut) -> None:
        self.cut_out = cut
        erased = [one for one in cut.comments if one.is_erased]
        self.ids = {one.native_id for one in erased if one.native_id}
        self.texts = {_list_words(one.text) for one in erased} - {()}

    def list_signs(self) -> list[str]:
        """Return what every line has of which something is cut out; nothing if that can't be told."""
        changed = [
            one for one in self.cut_out.comments if one.is_erased or self.cut_out.mask(one.text) != one.text
        ]  # fmt: skip
        if not all(one.native_id for one in changed):
            return []
        return sorted({str(one.native_id) for one in changed})

    def cut(self, found: Any) -> Any:
        """Return what is `found` without what is cut out."""
        if isinstance(found, list):
            return [self.cut(one) for one in found]
        if isinstance(found, dict):
            return self._cut_object(found)
        return self._cut_other(found) if isinstance(found, str) else found

    def _cut_object(self, found: dict[str, Any]) -> dict[str, Any]:
        own = {name: one for name, one in found.items() if isinstance(one, str | int)}
        is_erased = any(
            self._is_own_id(name, one) or self._stand(one) is not None for name, one in own.items()
        )
        cut: dict[str, Any] = {}
        for name, one in found.items():
            standing = self._stand(one)
            if standing is not None:
                cut[name] = standing
            elif is_erased and isinstance(one, str) and self._is_said(one):
                cut[name] = " ".join([BOX] * max(1, len(_list_words(one))))
            elif is_erased and _ABOUT.match(name) and isinstance(one, str):
                cut[name] = ""
            else:
                cut[name] = self.cut(one)
        return cut

    def _is_own_id(self, name: str, one: str | int) -> bool:
        return not _ABOVE.search(name.lower()) and str(one) in self.ids

    def _stand(self, one: Any) -> str | None:
        """Return what stands for a name by itself, with the sign before it."""
        if not isinstance(one, str | int) or isinstance(one, bool):
            return None
        said = str(one).strip()
        sign = next((sign for sign in ("@", "/u/", "u/") if said.startswith(sign)), "")
        standing = self.cut_out.standing.get(words.fold(said.removeprefix(sign)))
        return sign + standing if standing else None

    def _is_said(self, one: str) -> bool:
        """Return whether it is what an erased comment says, perhaps with marks of a markup."""
        said = _list_words(html.unescape(_TAG.sub(" ", one)))
        if said in self.texts or _list_words(one) in self.texts:
            return True
        whole = f" {' '.join(said)} "
        return any(
            len(text) >= words.RUN_WORDS and f" {' '.join(text)} " in whole for text in self.texts
        )

    def _cut_other(self, one: str) -> str:
        return BOX if one in self.cut_out.addresses else self.cut_out.mask(one)


def _cut_table(content: str, cut: Cut) -> str:
    """Return CSV, each row an object whose fields are called by its heading."""
    try:
        dialect: Any = csv.Sniffer().sniff(content[:65_536], ",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows = list(csv.reader(io.StringIO(content, newline=""), dialect))
    heading, objects = rows[0] if rows else [], _Objects(cut)
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, delimiter=dialect.delimiter, lineterminator="\n")
    writer.writerow(heading)
    for row in rows[1:]:
        # Headings may be the same twice.
        names = [heading[at] if at < len(heading) else "" for at in range(len(row))]
        found = {
            f"{name}\x1f{at}": one for at, (name, one) in enumerate(zip(names, row, strict=True))
        }
        writer.writerow(objects.cut(found).values())
    return sink.getvalue()


def _cut_text(content: str, cut: Cut) -> str:
    """Return a page: the comments are found in their order by their words, and names around them are heads."""
    there = words.cut_words(content)
    starts: dict[str, list[int]] = {}
    for number, word in enumerate(there):
        starts.setdefault(word.folded, []).append(number)
    said: list[tuple[int, int, bool]] = []
    place = 0
    for one in cut.comments:
        wanted = _list_words(one.text)
        found = _find_run(there, starts, wanted, place)
        if found is not None:
            place = found + len(wanted)
            said.append((found, place, one.is_erased))
    pieces, at = [], 0
    for first, end, is_erased in said:
        begin, stop = there[first].start, there[end - 1].end
        pieces.append(_name_standing(content[at:begin], cut))
        own = there[first:end]
        if is_erased:
            base = [one._replace(start=one.start - begin, end=one.end - begin) for one in own]
            pieces.append(words.mask_words(content[begin:stop], base, range(len(own))))
        else:
            pieces.append(cut.mask(content[begin:stop]))
        at = stop
    pieces.append(_name_standing(content[at:], cut))
    return "".join(pieces)


def _find_run(
    there: list[words.Word], starts: dict[str, list[int]], wanted: tuple[str, ...], place: int
) -> int | None:
    """Return where the words `wanted` are next, from `place` on."""
    for first in starts.get(wanted[0], ()) if wanted else ():
        if (
            first >= place
            and tuple(one.folded for one in there[first : first + len(wanted)]) == wanted
        ):
            return first
    return None


def _name_standing(text: str, cut: Cut) -> str:
    """Return what is around comments, with what stands for each name, and addresses and quotations masked."""
    for address in cut.addresses:
        text = text.replace(address, BOX)
    names = sorted(cut.standing, key=len, reverse=True)
    if names:
        rule = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names)
        text = re.sub(
            rf"(?i)(?<!\w)(?:{rule})(?!\w)",
            lambda found: cut.standing.get(words.fold(" ".join(found[0].split())), BOX),
            text,
        )
    return cut.mask(text)


def cut_beside(text: str, cut: Cut) -> str:
    """Return a file that lies beside documents."""
    return _name_standing(text, cut)


def _list_words(text: str) -> tuple[str, ...]:
    return tuple(word.folded for word in words.cut_words(text))
