"""The training run as a user meets it: a folder, a loop that reports, evaluations on the way, saves, a way back in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from agent.evaluation.match import Match, play_match
from agent.learning.config import SELF, RunOptions, TrainConfig
from agent.learning.trainer import Training, Update
from agent.players.model_file import save_model
from agent.players.network import Player
from agent.players.registry import model_path
from agent.runs.folder import EVALUATION_GAMES, RunError, RunFolder
from agent.runs.tensorboard import EventLog
from monopoly_env.batch.seats import Policy
from monopoly_env.bots import BOTS

YARDSTICKS = ("random", "landlord")  # the bots that a run is measured against


@dataclass
class Progress:
    """What a run shows after an update.

    Attributes:
        update: the update's numbers.
        total: decisions of the whole run.
        rate: decisions per second since the run was started or resumed, evaluations left out.
        seconds_left: until the last update, at that rate, and for the evaluations still to come.
        matches: the last match against each yardstick.
        evaluated: decisions at which those were played; None: not yet.
    """

    update: Update
    total: int
    rate: float
    seconds_left: float
    matches: dict[str, Match] = field(default_factory=dict)
    evaluated: int | None = None


class Run:
    """One training run in its folder.

    Args:
        training: fresh or restored.
        folder: the run's folder, held open.
        options: how often it is evaluated and saved, and by how many games.
        events: a log for TensorBoard; None: none.
    """

    def __init__(
        self,
        training: Training,
        folder: RunFolder,
        options: RunOptions = RunOptions(),  # noqa: B008 (it is frozen)
        events: EventLog | None = None,
    ) -> None:
        self.training = training
        self.folder = folder
        self.options = options
        self.events = events
        self._due = evaluation_updates(training.config.updates, options.evaluations)
        self._matches: dict[str, Match] = {}
        self._evaluated: int | None = None
        self._evaluation_seconds = 0.0

    @classmethod
    def resume(
        cls,
        folder: RunFolder,
        changes: dict[str, Any],
        saved: tuple[dict[str, Any], dict[str, Any]] | None = None,
        **more: Any,
    ) -> Run:
        """Return the run that ``folder`` holds, with some settings changed.

        Args:
            folder: the run's folder, held open.
            changes: settings that are to be others from now on.
            saved: what ``folder.load()`` returned, where it has been called already.
            more: ``options`` and ``events`` of ``Run``.

        Raises:
            RunError, ValueError, ModelError: the checkpoint cannot be used, or an opponent is gone.
        """
        arrays, meta = saved or folder.load()
        try:
            config = TrainConfig.from_dict({**meta["config"], **changes})
            policies = opponent_policies(config)
            begun = bool(arrays)  # or stopped before the first save
            training = Training.from_state(arrays, meta, policies, **changes) if begun else Training(config, policies=policies)
        except KeyError as error:
            raise RunError(f"The checkpoint lacks {error}; it is of another version.") from error
        folder.mend_metrics(training.updates, meta.get("lines"))
        return cls(training, folder, **more)

    def progress(self) -> Iterator[Progress]:
        """Train to the end, yielding after every update; stop iterating to stop.

        Saves every ``options.save_every`` seconds; call ``save`` at the end.
        """
        started, first = time.monotonic(), self.training.updates
        last_save = started
        with self._log() as log:
            for update in self.training.run():
                row = {"update": update.number, "decisions": update.decisions, "games": update.games, **update.report}
                if update.number in self._due:
                    row |= self._evaluate(update)
                self.folder.metrics.add(row)
                log(row)
                now = time.monotonic()
                if now - last_save > self.options.save_every:
                    self.save()
                    last_save = now
                yield self._progress(update, now - started - self._evaluation_seconds, update.number - first)

    @contextmanager
    def _log(self) -> Iterator[Callable[[dict[str, float]], None]]:
        """Hold the log for TensorBoard open; give a function that takes the lines of the metrics."""
        if self.events is None:
            yield lambda row: None
            return
        self.events.begin(self.training.config, self.training.decisions, self.folder.metrics.rows)
        try:
            yield self.events.write
        finally:
            self.events.close()

    def _progress(self, update: Update, seconds: float, updates: int) -> Progress:
        config = self.training.config
        pace = seconds / updates
        to_come = sum(number > update.number for number in self._due)
        evaluation = self._evaluation_seconds / max(len(self._due) - to_come, 1)
        left = pace * (config.updates - update.number) + evaluation * to_come
        return Progress(update, config.total, config.batch / pace, left, dict(self._matches), self._evaluated)

    def _evaluate(self, update: Update) -> dict[str, float]:
        started = time.monotonic()
        self._matches = self.measure(self.options.games)
        self._evaluated = update.decisions
        self._evaluation_seconds += time.monotonic() - started
        return {f"win_rate_{name}": match.rate for name, match in self._matches.items()} | {
            EVALUATION_GAMES: self.options.games
        }

    def measure(self, games: int) -> dict[str, Match]:
        """Play the network as it is now against tables of each yardstick, with its best actions and rotated seats."""
        player, config = Player(self.training.learner.model), self.training.config
        others = config.players - 1
        return {name: play_match(player, [name] * others, games, threads=config.threads) for name in YARDSTICKS}

    def save(self) -> None:
        """Write metrics, checkpoint and model.

        Raises:
            RunError, ModelError: the disk refuses; what was saved before is still there.
        """
        self.folder.save(*self.training.get_state())
        facts = {"config": self.training.config.to_dict(), "decisions": self.training.decisions, "games": self.training.games}
        save_model(self.training.learner.model, self.folder.path / "model.keras", facts)


def opponent_policies(config: TrainConfig) -> dict[str, Policy]:
    """Return the functions behind the opponents of a run that are networks: shipped agents, runs' folders, `.keras` files.

    Raises:
        ModelError: a name is no bot and no network; one line.
    """
    networks = {name for name in config.opponents if name not in (*BOTS, SELF)}
    return {name: Player.load(model_path(name, (*BOTS, SELF))).batch for name in sorted(networks)}


def evaluation_updates(updates: int, evaluations: int) -> set[int]:
    """Return the numbers of the updates after which a run is evaluated, the last one among them.

    They lie close together at the beginning, where most is learned: the n-th of N stands at the share (n / N)^2.
    """
    return {max(1, round(updates * (number / evaluations) ** 2)) for number in range(1, evaluations + 1)}
