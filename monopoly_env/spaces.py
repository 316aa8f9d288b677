"""The document of the spaces, written from the declarations: ``python -m monopoly_env.spaces > docs/SPACES.md``."""

from monopoly_env.actions import ACTION_MEANING, PHASE_MEANING, Action, Phase
from monopoly_env.game import RULES_VERSION
from monopoly_env.observation import FEATURES, LAYOUT_VERSION, STATE_SIZE

_HEAD = f"""# Spaces of `Monopoly-v0`

This page is written from the declarations in `monopoly_env` by `python -m monopoly_env.spaces > docs/SPACES.md`; a test
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
(`agent.batching.as_batch` does it and says what is wrong with anything else).
"""
_STRENGTH = """
`strength` and `gain` are estimates, made by `monopoly_env/valuation.py` from what lies open on the table: a player's
strength is what it owns plus what its titles are expected to earn, less what the rivals' titles will cost it, and its share
goes with a power of that. The bot `landlord` decides by the same estimate, so an agent sees what `landlord` would think of
a deal, and can learn where that is wrong.
"""
_REWARD = """
## Reward and the end of an episode

| `reward=` | what is paid |
|---|---|
| `"win"` | +1 for winning, -1 for going bankrupt or losing, 0 otherwise |
| `"shaped"` (default) | the same, plus the change of `strength` since the seat's last decision |

The change of strength sums to the share at the end less the share at the first decision, so it does not change what is best. An
episode is **terminated** when the learner is bankrupt or the game has a winner, and **truncated** when the game reaches its
turn cap (R59) or a step limit: then it is not lost, and a learner should bootstrap from the last observation. At the end
nothing is pending: the mask allows PASS alone, and means nothing.

## What `info` holds

| key | when | what |
|---|---|---|
| `action_mask` | always | int8 `(7,)` |
| `phase` | always | the kind of decision, `monopoly_env.Phase`; `NONE` at the end |
| `seat` | always | the seat that decides; at the end, the seat whose episode ended |
| `illegal_action` | after an illegal action | True: PASS was played (`illegal_action="raise"` raises an error instead) |
| `winner` | at the end | the winner's seat; -1: none yet (the learner is out, others play on), or the turn cap |
| `decided` | at the end | whether the game has a winner |
"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def document() -> str:
    """Return ``docs/SPACES.md``."""
    lines = [_HEAD, f"## The {STATE_SIZE} floats", "", "| index | name | range | meaning |", "|---|---|---|---|"]
    for index, feature in enumerate(FEATURES):
        lines.append(f"| {index} | `{feature.name}` | {feature.low:g} to {feature.high:g} | {_cell(feature.meaning)} |")
    lines += [_STRENGTH.rstrip(), "", "## The seven actions", "", "| i | name | does |", "|---|---|---|"]
    lines += [f"| {int(action)} | {action.name} | {ACTION_MEANING[action]} |" for action in Action]
    lines += ["", "## The kinds of decision", "", "| i | phase | legal actions | when |", "|---|---|---|---|"]
    lines += [
        f"| {int(phase)} | {phase.name} | {PHASE_MEANING[phase][0]} | {PHASE_MEANING[phase][1]} |" for phase in Phase if phase
    ]
    return "\n".join(lines) + "\n" + _REWARD


if __name__ == "__main__":
    print(document(), end="")
