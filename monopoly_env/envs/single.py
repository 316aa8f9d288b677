"""``Monopoly-v0``: one seat of a game of Monopoly as a Gymnasium environment."""

import operator
from collections.abc import Sequence
from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from monopoly_env import board
from monopoly_env.actions import ACTION_COUNT, NONE, PASS, IllegalActionError
from monopoly_env.batch.game_batch import GameBatch, nobody_asked
from monopoly_env.batch.seats import Opponents, Policy, opponent_list, seat_number, seating_of
from monopoly_env.batch.step import LEARNER, MOST_STARTS, SKIP
from monopoly_env.events import played_events
from monopoly_env.game import DECIDED, DEFAULT_MAX_TURNS, check_players
from monopoly_env.observation import OBSERVATIONS

ILLEGAL_ACTIONS = ("pass", "raise")
_RESULT = ("step_reward", "step_terminated", "step_truncated", "illegal", "episode_over", "seat", "winner", "result")


def observation_space(observation: str = "assessed") -> spaces.Box:
    """Return the Box of the 23 floats, float32 ``(23,)``, of ``OBSERVATIONS`` of ``monopoly_env.observation``."""
    low, high = np.array([(feature.low, feature.high) for feature in OBSERVATIONS[observation]], np.float32).T
    return spaces.Box(low, high, dtype=np.float32)


def check_illegal_action(illegal_action: str) -> str:
    """Return the option, or raise ValueError unless it is "pass" or "raise"."""
    if illegal_action not in ILLEGAL_ACTIONS:
        raise ValueError(f"illegal_action must be one of {', '.join(ILLEGAL_ACTIONS)}. Received: {illegal_action!r}")
    return illegal_action


def check_render_mode(render_mode: str | None, metadata: dict[str, Any]) -> str | None:
    """Return the option, or raise ValueError unless it is None or among the metadata's."""
    if render_mode is not None and render_mode not in metadata["render_modes"]:
        modes = ", ".join(metadata["render_modes"])
        raise ValueError(f"render_mode must be None or one of {modes}. Received: {render_mode!r}")
    return render_mode


def action_number(action: Any) -> int:
    """Return an action as an int, whatever kind of integer it is.

    Raises:
        IllegalActionError: it is no integer, or one that no record holds.
    """
    try:
        number = operator.index(action)
    except TypeError:
        number = None
    if number is None or not SKIP < number < 2**63:
        raise IllegalActionError(f"An action is an integer from 0 to {ACTION_COUNT - 1}. Received: {action!r}")
    return number


class MonopolyEnv(gymnasium.Env):
    """One seat of a game; the other seats are bots or functions.

    Observation: float32 ``(23,)``; action: ``Discrete(7)``; both in ``docs/SPACES.md``. An episode is the learner's game: it is
    terminated when the learner is bankrupt or has won, truncated when the game reaches its turn cap.

    ``info``: ``action_mask`` int8 ``(7,)``, ``phase`` (an int; ``monopoly_env.Phase`` has the names), ``seat`` (the
    learner's); ``illegal_action`` True after an illegal action that was played as PASS; at the end ``winner`` (a seat; -1 if
    there is none yet, because the learner is bankrupt and the others play on, or because of the turn cap) and ``decided``
    (whether the game has a winner).

    If a function among the opponents raises an error or answers with an illegal action, the error goes through, with the
    opponent's seat in it, and the game is given up: call ``reset``.

    Args:
        players: seats at the table, 2 to 8.
        opponents: a bot's name (``monopoly_env.BOTS``) or a function ``(observation, action_mask) -> action``; one for all
            other seats, or a sequence with one for each, clockwise from the learner.
        seat: the learner's seat, or "random": drawn for each game.
        reward: "shaped": +1 for winning, -1 for losing, plus the change of the seat's ``strength`` (see
            ``docs/SPACES.md``) since its last decision; "win": without the latter.
        observation: "assessed": the 23 floats say what things are worth; "facts": what lies on the table and no more, for
            all who are asked, opponents too (``monopoly_env.observation.FACTS``).
        max_turns: turn cap (R59); one turn is one seat's turn.
        illegal_action: what an illegal action of the learner does: "pass" plays PASS instead and says so in ``info``,
            "raise" raises ``IllegalActionError``. An opponent's always raises.
        render_mode: None, "ansi" (``render()`` returns text), "human" (prints it after every step) or "rgb_array".
        house_rules: names out of ``monopoly_env.HOUSE_RULES`` (``docs/RULES.md``).
        starting_cash: dollars for each player (H5).
        manage: when a seat builds, redeems and trades: "end" of its turn, or "both": before its roll too (R60).

    Raises:
        ValueError: an option is out of range.
    """

    metadata = {"render_modes": ["ansi", "human", "rgb_array"], "render_fps": 4}  # noqa: RUF012

    def __init__(
        self,
        players: int = 4,
        opponents: Opponents = "landlord",
        seat: str | int = "random",
        reward: str = "shaped",
        observation: str = "assessed",
        max_turns: int = DEFAULT_MAX_TURNS,
        illegal_action: str = "pass",
        render_mode: str | None = None,
        house_rules: Sequence[str] | str = (),
        starting_cash: int = board.STARTING_CASH,
        manage: str = "end",
    ) -> None:
        self.render_mode = check_render_mode(render_mode, self.metadata)
        players = check_players(players)
        self._policies: list[Policy] = []
        seating = seating_of(opponent_list(opponents, players), self._policies)
        self._batch = GameBatch(
            [seating],
            seat_number(seat, players),
            reward=reward,
            observation=observation,
            max_turns=max_turns,
            house_rules=house_rules,
            starting_cash=starting_cash,
            manage=manage,
            threads=1,
        )
        self.observation_space = observation_space(observation)
        self.action_space = spaces.Discrete(ACTION_COUNT)
        self.illegal_action = check_illegal_action(illegal_action)
        self._log: list[str] = []  # sentences since the last render
        self._begun = False
        self._bind()

    def _bind(self) -> None:
        """Look up the fields once: a view costs a tenth of an attribute of the record, and a step is a few microseconds."""
        games, episodes = self._batch.games, self._batch.episodes
        self._actions = np.zeros(1, np.int64)
        self._state, self._mask = episodes["state"][0], episodes["mask"][0]
        self._phase, self._actor = games["phase"], games["actor"]
        self._controller = episodes["controller"][0]
        self._result = {name: episodes[name] for name in _RESULT}
        games["logging"] = int(self.render_mode in ("ansi", "human"))
        self._logging = bool(games["logging"][0])

    @property
    def game(self) -> np.record:
        """The record of the game, live (see ``monopoly_env.game.GAME``); copy it before you keep it."""
        return self._batch.games[0]

    @property
    def seat(self) -> int:
        """The learner's seat in this game; -1 for a seat that is drawn, before the first game."""
        if not self._begun:
            return int(self._batch.episodes["first_seat"][0])
        return int(np.argmax(self._controller == LEARNER))

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[np.ndarray, dict[str, Any]]:
        """Start a game and return the learner's first ``(observation, info)``.

        With ``seed`` the game is the one of that seed; without, the next one of the environment's random numbers.

        Raises:
            ValueError: game after game ends before the learner is asked, because ``max_turns`` is too low.
        """
        super().reset(seed=seed)
        self._log.clear()
        if seed is None and not self._begun:
            seed = int(self.np_random.integers(2**63))
        if seed is not None:
            self._batch.begin([seed])
        else:
            self._batch.begin_next(np.ones(1, bool))
        self._begun = True
        self._let_others_play()
        starts = 1
        while self._result["episode_over"][0]:  # over before the learner's first decision: functions alone have played
            if starts == MOST_STARTS:
                raise ValueError(nobody_asked(int(self.game["max_turns"])))
            starts += 1
            self._log.clear()
            self._batch.begin_next()
            self._let_others_play()
        if self.render_mode == "human":
            self.render()
        return self._state.copy(), self._info()

    def step(self, action: int) -> tuple[np.ndarray, float, bool, bool, dict[str, Any]]:
        """Carry out the learner's action and play on to its next decision.

        Returns:
            ``(observation, reward, terminated, truncated, info)``.

        Raises:
            gymnasium.error.ResetNeeded: no game has begun, or the episode is over.
            IllegalActionError: the action is no integer, or illegal with ``illegal_action="raise"``, and nothing is played;
                or an opponent's action is illegal, and the game is given up.
        """
        result = self._result
        if not self._begun or result["episode_over"][0]:
            raise gymnasium.error.ResetNeeded("Call reset() first: no game is going on.")
        self._play(action, refuse=self.illegal_action == "raise")
        illegal = bool(result["illegal"][0])
        self._let_others_play()
        info = self._info()
        if illegal:
            info["illegal_action"] = True
        if self.render_mode == "human":
            self.render()
        reward, terminated, truncated = (result[name][0] for name in _RESULT[:3])
        return self._state.copy(), float(reward), bool(terminated), bool(truncated), info

    def _play(self, action: int, refuse: bool) -> None:
        self._actions[0] = action_number(action)
        if refuse:
            self._batch.refuse_illegal(self._actions)
        self._batch.step(self._actions)

    def _let_others_play(self) -> None:
        """Ask the functions among the opponents until the learner decides or the episode is over; keep the log."""
        if not self._policies and not self._logging:
            return
        self._keep_log()
        while not self._result["episode_over"][0] and self._controller[self._actor[0]] != LEARNER:
            self._ask(int(self._actor[0]))
            self._keep_log()

    def _ask(self, seat: int) -> None:
        """Play what a function decides for its seat; give the game up if it fails, as nobody could go on with it."""
        policy = self._policies[LEARNER - 1 - self._controller[seat]]
        try:
            self._play(policy(self._state.copy(), self._mask.copy()), refuse=True)
        except BaseException as error:
            self._give_up()
            if isinstance(error, IllegalActionError):
                told = f"The opponent at seat {seat} broke the rules, and the game is given up: call reset()"
                raise IllegalActionError(f"{told}. {error}") from None
            error.add_note(f"The opponent at seat {seat} failed, and the game is given up: call reset().")
            raise

    def _give_up(self) -> None:
        """Leave the game as if it were over: only ``reset`` goes on."""
        self._result["episode_over"][0] = 1
        self._mask[:] = 0
        self._mask[PASS] = 1

    def _keep_log(self) -> None:
        """Turn the events of a logged game into sentences."""
        if self._logging:
            from monopoly_env.text.events import sentence

            self._log += [sentence(row) for row in played_events(self.game, self._batch.go_on)]

    def _info(self) -> dict[str, Any]:
        result = self._result
        info = {"action_mask": self._mask.copy(), "phase": int(self._phase[0]), "seat": int(result["seat"][0])}
        if result["episode_over"][0]:
            info["phase"] = NONE
            info["winner"] = int(result["winner"][0])
            info["decided"] = bool(result["result"][0] == DECIDED)
        return info

    def action_masks(self) -> np.ndarray:
        """Return the legal actions, bool ``(7,)``, as sb3-contrib asks for them."""
        return self._mask != 0

    def render(self) -> str | np.ndarray | None:
        """Return what ``render_mode`` asks for.

        "ansi": what has happened since the last call and the board, as text. "human": the same, printed. "rgb_array": a
        picture of the board, uint8 ``(height, width, 3)``.
        """
        if self.render_mode is None:
            gymnasium.logger.warn('render() needs a render mode: gymnasium.make(..., render_mode="ansi").')
            return None
        from monopoly_env.render.text import rendered

        return rendered(self.render_mode, self.game, self._log)

    def close(self) -> None:
        """Nothing is held open."""

    def __getstate__(self) -> dict[str, Any]:
        """Leave out the views into the records: a copy would share or lose them."""
        views = ("_state", "_mask", "_phase", "_actor", "_controller", "_result")
        return {key: value for key, value in self.__dict__.items() if key not in views}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Look the records up again in a copy."""
        self.__dict__.update(state)
        self._bind()
