"""The training of one network: games are played, and the network learns from what it did in them, turn and turn about.

    training = Training(TrainConfig())
    for update in training.run():
        print(update.decisions, update.report)

The environment is stepped here; how the network draws and learns stands in `agent.learning.ppo` (softmax head) and
`agent.learning.q_learning` (linear head), what a decision was worth in `agent.learning.rollout`. A training can be saved and
restored at any point between two updates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import gymnasium
import numpy as np

from agent.learning.config import SELF, TrainConfig
from agent.learning.rollout import Rollout, action_shares
from monopoly_env.batch.seats import Policy
from monopoly_env.bots import BOTS

# Children of the run's root seed: the opponents and the games, the draws of actions, the shuffles of updates. Evaluation is a
# stream of its own, see agent.evaluation.match.
_GAMES, _ACTIONS, _UPDATES = range(3)

# (states (N, 23), next states (N, 23), rewards (N,)) -> rewards (N,)
RewardFunction = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Update:
    """What one update of a run reports."""

    number: int  # updates done
    decisions: int  # decisions of the network so far
    games: int  # games ended so far
    progress: float  # share of the run that is done, 0 to 1
    report: dict[str, float]  # the learner's numbers, and the shares of the actions


class Training:
    """A network, its learner and its games.

    Args:
        config: the settings.
        learner: default: `PPO` or `QLearning`, by the head.
        policies: opponents that are functions `(states (n, 23), masks (n, 7)) -> actions (n,)`, by the names that
            `config.opponents` has for them.
        reward_function: makes the rewards `(N,)` to learn from, out of the states `(N, 23)` at which the network decided, the
            states that followed (of games that ended: their last ones) and the rewards of the environment (`config.reward`).

    Attributes:
        envs: N games side by side, `gymnasium.make_vec("monopoly_env:Monopoly-v0")`.
        states: float32 `(N, 23)`, what the network sees at the decisions that wait.
        masks: int8 `(N, 7)`, 1 = legal there.
        updates, games: how many are done.

    Raises:
        ValueError: an opponent that is neither a bot, nor "self", nor among `policies`.
    """

    def __init__(
        self,
        config: TrainConfig,
        learner: Any = None,
        policies: Mapping[str, Policy] | None = None,
        reward_function: RewardFunction | None = None,
    ) -> None:
        seeds = np.random.SeedSequence(config.seed).spawn(3)
        opponents_seed, games_seed = seeds[_GAMES].spawn(2)
        self.config = config
        self.learner = make_learner(config) if learner is None else learner
        self.reward_function = reward_function
        self._acting = np.random.default_rng(seeds[_ACTIONS])
        self._updating = np.random.default_rng(seeds[_UPDATES])
        policies = {**(policies or {}), SELF: lambda states, masks: self.learner.act(states, masks, self._acting)[0]}
        self.envs: Any = gymnasium.make_vec(
            "monopoly_env:Monopoly-v0",
            num_envs=config.num_envs,
            opponents=draw_opponents(config, policies, np.random.default_rng(opponents_seed)),
            reward=config.reward,
            max_turns=config.max_turns,
            autoreset_mode="SameStep",
            threads=config.threads,
        )
        self.states, info = self.envs.reset(seed=games_seed.spawn(config.num_envs))  # (N, 23)
        self.masks = info["action_mask"]  # (N, 7)
        self.rollout = Rollout.empty(config.rollout_steps, config.num_envs)
        self.updates = self.games = 0

    @property
    def decisions(self) -> int:
        """Decisions of the network so far."""
        return self.updates * self.config.batch

    @property
    def done(self) -> bool:
        """Whether the run has all its decisions."""
        return self.updates >= self.config.updates

    def run(self) -> Iterator[Update]:
        """Yield after every update until the run is done. Stop iterating at any time: the state is whole."""
        while not self.done:
            yield self.step()

    def step(self) -> Update:
        """Play one rollout and learn from it."""
        self.learner.anneal(min(self.updates / self.config.updates, 1.0))
        rollout = self.play()
        report = self.learner.update(rollout, self._updating) | action_shares(rollout.actions)
        self.updates += 1
        return Update(self.updates, self.decisions, self.games, self.updates / self.config.updates, report)

    def play(self) -> Rollout:
        """Play `rollout_steps` decisions in every game; return what was seen, done and earned."""
        rollout, learner = self.rollout, self.learner
        for t in range(self.config.rollout_steps):
            actions, logp, values = learner.act(self.states, self.masks, self._acting)  # (N, 23), (N, 7) -> (N,) each
            rollout.states[t], rollout.masks[t] = self.states, self.masks
            rollout.actions[t], rollout.logp[t], rollout.values[t] = actions, logp, values
            self.states, rewards, terminated, truncated, info = self.envs.step(actions)
            self.masks = info["action_mask"]
            if self.reward_function is not None:
                rewards = self._own_rewards(self.reward_function, rollout.states[t], rewards, terminated | truncated, info)
            rollout.rewards[t], rollout.terminated[t], rollout.truncated[t] = rewards, terminated, truncated
            if truncated.any():  # stopped by the turn cap, neither won nor lost: the last state has a value
                last_states = np.stack(info["final_obs"][truncated])  # (n, 23)
                last_masks = info["final_info"]["action_mask"][truncated]  # (n, 7)
                rollout.final_values[t, truncated] = learner.values(last_states, last_masks)
            self.games += int((terminated | truncated).sum())
        rollout.values[-1] = learner.values(self.states, self.masks)
        return rollout

    def _own_rewards(
        self, function: RewardFunction, states: np.ndarray, rewards: np.ndarray, ended: np.ndarray, info: dict[str, Any]
    ) -> np.ndarray:
        """Return what `reward_function` makes of a step, float `(N,)`."""
        following = self.states
        if ended.any():  # the games that ended have begun anew: what followed in them stands apart
            following = following.copy()
            following[ended] = np.stack(info["final_obs"][ended])  # (n, 23)
        own = np.asarray(function(states.copy(), following, rewards))  # (N,)
        if own.shape != rewards.shape or own.dtype.kind not in "iuf" or not np.isfinite(own).all():
            raise ValueError(
                f"reward_function must return finite numbers of shape {rewards.shape}. Received: {own.dtype} {own.shape}"
            )
        return own

    def get_state(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return `(arrays, meta)` for `agent.files.checkpoint.save_checkpoint`: all that is needed to go on."""
        arrays = {"learner": self.learner.get_state(), "games": self.envs.get_state()}
        meta = {
            "config": self.config.to_dict(),
            "updates": self.updates,
            "games": self.games,
            "acting": self._acting.bit_generator.state,
            "updating": self._updating.bit_generator.state,
        }
        return arrays, meta

    @classmethod
    def from_state(
        cls,
        arrays: dict[str, Any],
        meta: dict[str, Any],
        policies: Mapping[str, Policy] | None = None,
        reward_function: RewardFunction | None = None,
        **changes: Any,
    ) -> Training:
        """Return a training that goes on where `get_state` was called, with some settings changed (such as `decisions`).

        Raises:
            ValueError: the state does not fit its configuration, or a setting is out of its range.
            KeyError: something is missing in it.
        """
        training = cls(TrainConfig.from_dict({**meta["config"], **changes}), None, policies, reward_function)
        training.learner.set_state(arrays["learner"])
        training.states, info = training.envs.set_state(arrays["games"])
        training.masks = info["action_mask"]
        training.updates, training.games = int(meta["updates"]), int(meta["games"])
        training._acting.bit_generator.state = meta["acting"]
        training._updating.bit_generator.state = meta["updating"]
        return training


def make_learner(config: TrainConfig) -> Any:
    """Return the learner of `config.head`: `PPO` for softmax, `QLearning` for linear. Starts TensorFlow."""
    if config.head == "softmax":
        from agent.learning.ppo import PPO

        return PPO(config)
    from agent.learning.q_learning import QLearning

    return QLearning(config)


def draw_opponents(config: TrainConfig, policies: Mapping[str, Policy], rng: np.random.Generator) -> list[list[str | Policy]]:
    """Return the opponents of each of the run's games: bots by name, and functions.

    The shares of games against the network itself, against `config.opponents` and against both are `config.mix`. In a mixed
    game at least one opponent is the network itself, and at least one is drawn from `config.opponents`; with two players there
    is no room for that, and it is a game against `config.opponents`.

    Raises:
        ValueError: a name that stands for nobody.
    """
    known = [*BOTS, *policies]
    for name in config.opponents:
        if name not in known:
            raise ValueError(f"There is no opponent {name!r}. Bots: {', '.join(BOTS)}; functions: {', '.join(policies)}.")
    bounds = np.round(np.cumsum(config.mix) * config.num_envs).astype(int)
    games = []
    for number in range(config.num_envs):
        others = config.sizes[number % len(config.sizes)] - 1
        if number < bounds[0]:
            selves = others
        elif number < bounds[1] or others == 1:
            selves = 0
        else:
            selves = int(rng.integers(1, others))
        names = [SELF] * selves + rng.choice(config.opponents, others - selves).tolist()
        games.append([policies.get(name, name) for name in names])
    return games
