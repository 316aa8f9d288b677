"""A question in the middle of a game: what is each seat's chance, and should Bo buy Park Place? Needs nothing else."""

from agent.evaluation.odds import odds, odds_of_actions
from monopoly_env.situation.situation import Seat, Situation

situation = Situation(
    players=[
        Seat(
            "Ada",
            cash=640,
            position="Free Parking",
            titles=["orange", "Boardwalk", "Reading Railroad"],
            buildings={"orange": 2},
        ),
        Seat(
            "Bo",
            cash=310,
            position="Park Place",
            titles=["light blue", "Short Line"],
            buildings={"Oriental Avenue": 3, "Vermont Avenue": 3, "Connecticut Avenue": 4},
        ),
        Seat("Cy", cash=95, titles=["Illinois Avenue", "utilities"], mortgaged=["utilities"], jailed=True, jail_rolls=1),
    ],
    turn="Bo",
    phase="PURCHASE",
    turns=58,
)
game = situation.game(seed=0)

result = odds(game, ["landlord"], games=1000, seed=0)
for seat, name in enumerate(situation.names):
    low, high = result.interval(seat)
    print(f"{name}: {100 * result.rate(seat):.1f} % (95 % interval {100 * low:.1f} to {100 * high:.1f})")
for action, after in odds_of_actions(game, ["landlord"], games=1000, seed=0).items():
    print(f"Bo wins {100 * after.rate(1):.1f} % after {action.name}")
