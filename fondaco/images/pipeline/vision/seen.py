"""What the models saw, as values. Importing this loads no model."""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Face:
    """`box`: (x, y, w, h) in native pixels; `score` 0 to 1."""

    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, whole or in part; as `Face`."""

    box: Box
    score: float


@dataclass(frozen=True, slots=True)
class Words:
    """One line of writing; `beside`: outside the product's core."""

    box: Box
    score: float
    beside: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """`models`: which looked, or would have if anything had asked for it. `nudity` is None and `likeness` "" where
    theirs did not. `likeness` is the product's
    embedding as text (`likeness.unpacked` reads it), `colours` the shares of its colours (`likeness.shares`)."""

    models: tuple[str, ...] = ()
    faces: tuple[Face, ...] = ()
    words: tuple[Words, ...] = ()
    nudity: float | None = None
    likeness: str = ""
    colours: str = ""
    people: tuple[Person, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """JSON-ready."""
        return {
            "models": list(self.models),
            "faces": [[*face.box, round(face.score, 3)] for face in self.faces],
            "people": [[*person.box, round(person.score, 3)] for person in self.people],
            "words": [[*line.box, round(line.score, 3), line.beside] for line in self.words],
            "nudity": None if self.nudity is None else round(self.nudity, 4),
            "likeness": self.likeness,
            "colours": self.colours,
        }
