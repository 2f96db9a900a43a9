"""The texts of the comparison in one language."""

from msgspec import Struct

from eksview.domain.compare.questions import System


class QuestionText(Struct, frozen=True, forbid_unknown_fields=True):
    """A question, how each system answers it, and templates of the live values beside it."""

    question: str
    eks: str
    ecs: str
    eks_value: str
    ecs_value: str

    def answer(self, system: System) -> str:
        """Return how a system answers the question."""
        return self.eks if system is System.EKS else self.ecs

    def value(self, system: System) -> str:
        """Return the template of a system's live values."""
        return self.eks_value if system is System.EKS else self.ecs_value


class CompareTexts(Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of a language; `screen` has the headings."""

    screen: dict[str, str]
    questions: dict[str, QuestionText]
