"""The line of the first start, which offers Explain."""

from eksview.domain.base.text import clean
from eksview.ui.base.lines.text_line import TextLine
from eksview.ui.base.view import View


class ExplainOffer(TextLine):
    """A line that is there until Explain was opened or it was hidden."""

    def __init__(self, view: View) -> None:
        super().__init__(view, id="offer")
        self.display = False

    @property
    def height(self) -> int:
        """The lines that it takes."""
        return 1 if self.display else 0

    def sync(self) -> None:
        """Show the line to a newcomer only."""
        if self.view.newcomer:
            from eksview.config.package_texts import explain_texts  # noqa: PLC0415 - once ever

            sentence = explain_texts(self.view.language).screen["offer"]
            explain, hide = self.view.keyed("{app.explain}"), self.view.keyed("{home.decline}")
            words = clean(sentence.format(explain=explain.upper(), hide=hide))
            self.show(((f" {self.view.glyphs.marked} ", "accent"), (words, "strong")))
        if self.display != self.view.newcomer:
            self.display = self.view.newcomer
