"""The document of the spaces, written from the declarations: ``python docs/make_spaces.py > docs/SPACES.md``."""

import inspect
from collections.abc import Sequence

from monopoly_env.actions import ACTION_MEANING, PHASE_MEANING, Action, Phase
from monopoly_env.bots import BOTS
from monopoly_env.envs.single import MonopolyEnv
from monopoly_env.envs.vector import MonopolyVectorEnv
from monopoly_env.game import HOUSE_RULES, RULES_VERSION
from monopoly_env.observation import FACTS, FEATURES, LAYOUT_VERSION, STATE_SIZE, Feature
from monopoly_env.strength.composer import ABOVE_LIST, FOR_BOTH, KEPT, MOST_LOSS, MOST_OFFERS, PRICED, THEIR_GAIN

_HEAD = f"""# The environment `Monopoly-v0`

![The board, as render_mode="rgb_array" draws it](images/board.png)

One seat of a game of Monopoly with 2 to 8 players; bots or functions sit at the others. The learner is asked whenever its seat
has a choice; everything else the engine plays by itself.

```python
env = gymnasium.make("monopoly_env:Monopoly-v0", players=4, opponents="landlord", render_mode="rgb_array")
envs = gymnasium.make_vec("monopoly_env:Monopoly-v0", num_envs=1024)
```

This page is written from the declarations in `monopoly_env` by `python docs/make_spaces.py > docs/SPACES.md`; a test
holds it against them. State layout version {LAYOUT_VERSION}, rules version {RULES_VERSION}. The rules (R1 ...) are in
[RULES.md](RULES.md).

| | single environment | vector environment of N games |
|---|---|---|
| observation | `Box`, float32 `({STATE_SIZE},)` | float32 `(N, {STATE_SIZE})` |
| action | `Discrete(7)` | int `(N,)` |
| action mask, in `info["action_mask"]` | int8 `(7,)`, 1 = legal | int8 `(N, 7)` |
| reward | float | float64 `(N,)` |
| terminated, truncated | bool | bool `(N,)` |

A network takes a batch: one observation `({STATE_SIZE},)` becomes `(1, {STATE_SIZE})`, and `(1, 7)` comes back
(`agent.players.batching.as_batch` does it and says what is wrong with anything else).
"""
_STRENGTH = """
`strength` and `gain` are estimates, made by `monopoly_env/strength/strength.py` from what lies open on the table: a player's
strength is what it owns plus what its titles are expected to earn, less what the rivals' titles will cost it, and its share
goes with a power of that. The bot `landlord` decides by the same estimate, so an agent sees what `landlord` would think of
a deal, and can learn where that is wrong.
"""
_DEALS = f"""
## What TRADE proposes

Monopoly's rules know free deals only, and there are millions of them. Which one the action TRADE proposes for the table group
is therefore this environment's design, made by `monopoly_env/strength/composer.py`. A network decides whether it is proposed.

1. **The swaps.** From each rival with a part of the group: one of its titles, or all that it holds of the group. For these
   nothing, or one title of another group, or all the proposer's titles of one other group, or one title each of two groups in
   which the rival holds something. Groups that the proposer has complete are not touched; no group with buildings is (R47).
2. **Those worth pricing.** Both sides keep ${KEPT}. Of more than {PRICED} swaps, those {PRICED} that help both sides together
   most, at list prices (between two players, where one's gain is the other's loss: the proposer).
3. **The price**, in dollars, by how often the proposer's deals for this group were refused:

   | refusals | the proposer pays or asks so much that |
   |---|---|
   | 0 | list prices are equal, plus {ABOVE_LIST[0]} % of the list price of what it takes |
   | 1 | the other side's share rises by {THEIR_GAIN[1]:.0%} |
   | 2 | list prices are equal, plus {ABOVE_LIST[2]} % |
   | 3 | the other side's share rises by {THEIR_GAIN[3]:.0%} |

   Mortgaged titles count by their list price less what it costs to redeem them.
4. **The deal** is the swap that then leaves the proposer the largest share, or, after {FOR_BOTH} refusals, the one that
   helps both sides together most. It may cost the proposer a part of its share, {MOST_LOSS:.0%} of it at most, as the first
   step towards a group does; `gain` says how much. If there is no such swap at this price, the next row is tried.

So an offer suits players who judge by list prices, and the next one those who judge by what a position is worth. TRADE is
legal once a group and turn, and no more after {MOST_OFFERS} refusals until one of the group's titles changes hands (R48, R49).
"""
_FACTS = """
## The facts alone

The 23 floats say what things are worth: that is why a network learns so fast here. `observation="facts"` says what lies on the
table and no more, for who wants to see a network find out by itself (`docs/examples/facts_alone.py`). Nothing that ships reads
it: `Player`, `evaluate.py` and `play.py` take the floats above. These differ:

| index | name | range | meaning |
|---|---|---|---|
"""
_REWARD = """
## Reward and the end of an episode

| `reward=` | what is paid |
|---|---|
| `"win"` | +1 for winning, -1 for going bankrupt or losing, 0 otherwise |
| `"shaped"` (default) | the same, plus the change of `strength` since the seat's last decision |

Undiscounted (gamma = 1), the change of strength sums to the share at the end, 1 for the winner and 0 for the others, less the
share at the first decision: in games that end with a winner it does not change what is best. With a discount it can. An
episode is **terminated** when the learner is bankrupt or the game has a winner, and **truncated** when the game reaches its
turn cap (R59) or a step limit: then it is not lost, and a learner should bootstrap from the last observation. At the end
nothing is pending: the mask allows PASS alone, and means nothing.
"""
_OPTIONS_HEAD = """
## Options

For `gymnasium.make` (single), `gymnasium.make_vec` (vector) and `monopoly_env.envs.pettingzoo.env` (AEC, PettingZoo).
`monopoly_env.envs.sb3.MonopolySB3VecEnv` takes those of the vector environment, but for `autoreset_mode` and self-play.
A value out of range raises `ValueError`.

| option | default | for | what |
|---|---|---|---|
"""
AEC_OPTIONS = ("players", "reward", "max_turns", "house_rules", "starting_cash", "manage", "render_mode")
_BOT_NAMES = ", ".join(f"`{name}`" for name in BOTS)
OPTIONS = {
    "num_envs": "number of games N",
    "players": "seats at the table, 2 to 8",
    "opponents": "one for all other seats, or one for each, clockwise from the learner, as a list or as names with commas: a "
    f"bot ({_BOT_NAMES}; [their rules](BOTS.md)) or a function; single: of observation `({STATE_SIZE},)` and mask `(7,)` "
    f"that returns an action; vector: of `(n, {STATE_SIZE})` and `(n, 7)` that returns actions `(n,)`. Vector: or "
    '`"self"`, a seat that the learner plays too (self-play); or a list with such a list for each game',
    "seat": 'the learner\'s seat, 0 to `players` - 1, or `"random"`: drawn for each game',
    "reward": '`"shaped"` or `"win"`, see above',
    "observation": '`"assessed"`: the 23 floats above; `"facts"`: [the facts alone](#the-facts-alone), for all who are asked',
    "max_turns": "turn cap (R59), 1 to 1,000,000; one turn is one seat's turn. If it is so low that game after game ends "
    "before the learner is asked anything, `reset` raises `ValueError`",
    "illegal_action": 'what an illegal action of the learner does: `"pass"` plays PASS and says so in `info`, `"raise"` raises '
    "`IllegalActionError` and plays nothing. A function among the opponents that fails or answers with an illegal action "
    "always raises, and its game (vector: all games) is given up: call `reset`",
    "render_mode": '`None` or `"rgb_array"` (`render()` returns a picture, vector: a picture of each game); single and AEC: or '
    '`"ansi"` (`render()` returns text), `"human"` (prints it after every step)',
    "house_rules": f"some of {', '.join(f'`{name}`' for name in HOUSE_RULES)} (H1 to H4), as a sequence or as names "
    "with commas",
    "starting_cash": "dollars for each player (H5), 0 to 1,000,000",
    "manage": 'when a seat builds, redeems and trades: at the `"end"` of its turn, or `"both"`: before its roll too (R60)',
    "max_episode_steps": "truncates an episode after so many decisions of the learner; `None`: never. To `gymnasium.make` it "
    "is Gymnasium's own `TimeLimit`: `info` is then that of a game under way, without `winner` and `decided`",
    "autoreset_mode": 'what happens at the end of an episode: `"NextStep"` (the next step starts a game and ignores the '
    'action), `"SameStep"` (the same step does), `"Disabled"` (call `reset` with `options={"reset_mask": ...}`, bool `(N,)`)',
    "threads": "threads that step the games; `None`: one a core. The games are the same with any number",
}
_INFO_HEAD = """
## What `info` holds

In the single environment:

| key | when | what |
|---|---|---|
"""
INFO = {
    "action_mask": ("always", "int8 `(7,)`, 1 = legal"),
    "phase": ("always", "int, the kind of decision (`monopoly_env.Phase` has the names); 0, `NONE`, at the end"),
    "seat": ("always", "int, the learner's seat"),
    "illegal_action": ("after an illegal action", "True: PASS was played"),
    "winner": ("at the end", "int, the winner's seat; -1: none yet (the learner is out, others play on), or the turn cap"),
    "decided": ("at the end", "bool, whether the game has a winner"),
}
_VECTOR_HEAD = """
In the vector environment, for all N games, as in Gymnasium's own: beside each key stands its mask, such as `_winner` beside
`winner`, bool `(N,)`, which says for which games the key holds:

| key | when | for which games | what |
|---|---|---|---|
"""
VECTOR_INFO = {
    "action_mask": ("always", "all", "int8 `(N, 7)`"),
    "phase": ("always", "all", "int32 `(N,)`; 0, `NONE`, where an episode is over"),
    "seat": ("always", "all", "int32 `(N,)`, the seat that decides; where an episode is over, a seat that ended with it"),
    "illegal_action": ("in every step", "those where it is True", "bool `(N,)`, PASS was played"),
    "winner": ("a game ended", "those that ended", "int32 `(N,)`, as above"),
    "decided": ("a game ended", "those that ended", "bool `(N,)`, as above"),
}
_SAME_STEP_HEAD = """
With `autoreset_mode="SameStep"` all of these tell of the new game. Of the game that ended tell, in place of `winner` and
`decided`:

| key | when | for which games | what |
|---|---|---|---|
"""
SAME_STEP_INFO = {
    "final_obs": (
        "a game ended",
        "those that ended",
        f"object `(N,)`, the last observation, float32 `({STATE_SIZE},)`, or `None`",
    ),
    "final_info": (
        "a game ended",
        "those that ended",
        "a dict of `winner`, `decided`, `seat`, `phase`, `illegal_action`, each `(N,)`, and `action_mask` `(N, 7)`, "
        "with their masks",
    ),
}
_SELF_PLAY_HEAD = """
With self-play the reward of a step is that of the seat that decides now, or at the end of an episode of the seat that acted
last. What each of P players has earned stands in:

| key | when | for which games | what |
|---|---|---|---|
"""
SELF_PLAY_INFO = {
    "seat_rewards": (
        "always",
        "all",
        "float32 `(N, P)`, since the seat's last decision, for the seat that decides and those that ended; otherwise 0",
    ),
    "seat_terminated": ("always", "all", "bool `(N, P)`, the seat went bankrupt or won in this step"),
    "seat_truncated": ("always", "all", "bool `(N, P)`, the seat was stopped in this step"),
    "seat_final_obs": (
        "always",
        "all",
        f"float32 `(N, P, {STATE_SIZE})`, the last observation of the seats that ended in this step (`seat_terminated \\| "
        "seat_truncated`); otherwise 0",
    ),
}
_VERSIONS = f"""
## Versions

`v0` is state layout {LAYOUT_VERSION} and rules version {RULES_VERSION}. While the package is below 1.0 it may still change, and
CHANGELOG.md says how. From then on a change of the floats, the actions, the reward or a rule makes it `v1`, since results of
two versions cannot be compared. Saved games and models remember rules and layout: games of other rules and models of another
layout are refused in one line, and a model that learned by other rules is told of.
"""


_LIBRARIES = """
## With other libraries

- **Gymnasium's wrappers**: [gymnasium_wrappers.py](examples/gymnasium_wrappers.py).
- **Stable-Baselines3**: `MonopolySB3VecEnv(64)`, [sb3_vec_env.py](examples/sb3_vec_env.py), or
  `make_vec_env("monopoly_env:Monopoly-v0", n_envs=8)`. `MaskablePPO` finds the masks of both.
- **TorchRL**: `GymWrapper(gymnasium.make_vec(..., autoreset_mode="Disabled"))`; `ActionMask` reads the masks from `info`:
  [torchrl_rollout.py](examples/torchrl_rollout.py).
- **Tianshou** looks for masks in the observation; a wrapper puts them there:
  [tianshou_collect.py](examples/tianshou_collect.py).
- **PettingZoo**: `import monopoly_env.envs.pettingzoo`, then `pettingzoo.make("aec", "monopoly_v0")` (or `"parallel"`), with
  masks in the observation: [aec_random.py](examples/aec_random.py).
- **CleanRL**: `python cleanrl/ppo.py --env-id monopoly_env:Monopoly-v0`. It knows no masks: illegal actions are played as PASS.
- **RLlib**: `PPOConfig().environment("monopoly_env:Monopoly-v0")`, without masks too. Its modules for masks want them in the
  observation, as Tianshou does.
"""


def _default(name: str) -> str:
    for kind in (MonopolyVectorEnv, MonopolyEnv):
        parameter = inspect.signature(kind).parameters.get(name)
        if parameter is not None:
            value = getattr(parameter.default, "value", parameter.default)
            return f'`"{value}"`' if isinstance(value, str) else f"`{value!r}`"
    raise ValueError(f"No environment has an option {name}.")


def _places(name: str) -> str:
    """Return which environments take an option. The signatures say so; PettingZoo may be missing."""
    known = {
        "single": inspect.signature(MonopolyEnv).parameters,
        "vector": inspect.signature(MonopolyVectorEnv).parameters,
        "AEC": AEC_OPTIONS,
    }
    return ", ".join(place for place, names in known.items() if name in names)


def _rows(table: dict[str, tuple[str, ...]]) -> str:
    return "".join(f"| `{key}` | {' | '.join(cells)} |\n" for key, cells in table.items())


def _options() -> str:
    return _OPTIONS_HEAD + _rows({name: (_default(name), _places(name), text) for name, text in OPTIONS.items()})


def _info() -> str:
    parts = (
        (_INFO_HEAD, INFO),
        (_VECTOR_HEAD, VECTOR_INFO),
        (_SAME_STEP_HEAD, SAME_STEP_INFO),
        (_SELF_PLAY_HEAD, SELF_PLAY_INFO),
    )
    return "".join(head + _rows(table) for head, table in parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _floats(features: Sequence[Feature], without: Sequence[Feature] = ()) -> list[str]:
    return [
        f"| {index} | `{feature.name}` | {feature.low:g} to {feature.high:g} | {_cell(feature.meaning)} |"
        for index, feature in enumerate(features)
        if feature not in without
    ]


def document() -> str:
    """Return ``docs/SPACES.md``."""
    lines = [_HEAD, f"## The {STATE_SIZE} floats", "", "| index | name | range | meaning |", "|---|---|---|---|"]
    lines += _floats(FEATURES)
    lines += [_STRENGTH.rstrip(), "", "## The seven actions", "", "| i | name | does |", "|---|---|---|"]
    lines += [f"| {int(action)} | {action.name} | {ACTION_MEANING[action]} |" for action in Action]
    lines += ["", "## The kinds of decision", "", "| i | phase | legal actions | when |", "|---|---|---|---|"]
    lines += [
        f"| {int(phase)} | {phase.name} | {PHASE_MEANING[phase][0]} | {PHASE_MEANING[phase][1]} |" for phase in Phase if phase
    ]
    facts = _FACTS + "\n".join(_floats(FACTS, FEATURES)) + "\n"
    return "\n".join(lines) + "\n" + _DEALS + _REWARD + _options() + _info() + facts + _LIBRARIES + _VERSIONS


if __name__ == "__main__":
    print(document(), end="")
