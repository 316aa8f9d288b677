"""Truman Collins, "Probabilities in the Game of Monopoly": where rolls end, for a player that leaves jail at once, in per cent.

Index 10 is Just Visiting, index 40 in jail. Cards are drawn with replacement; what counts is where a roll ends after cards
have moved the token.
"""

import numpy as np

COLLINS = np.array(
    [
        *(3.0961, 2.1314, 1.8849, 2.1624, 2.3285, 2.9631, 2.2621, 0.8650, 2.3210, 2.3003),
        *(2.2695, 2.7017, 2.6040, 2.3721, 2.4649, 2.9200, 2.7924, 2.5945, 2.9356, 3.0852),
        *(2.8836, 2.8358, 1.0480, 2.7357, 3.1858, 3.0659, 2.7072, 2.6789, 2.8074, 2.5861),
        *(0.0000, 2.6774, 2.6252, 2.3661, 2.5006, 2.4326, 0.8669, 2.1864, 2.1799, 2.6260),
        3.9499,
    ]
)  # (41,)
