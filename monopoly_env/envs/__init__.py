"""The environments: Gymnasium's, one game and many, PettingZoo's and Stable-Baselines3's."""
