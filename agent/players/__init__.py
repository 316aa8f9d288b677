"""Who plays: networks, networks that look ahead, bots; models on disk."""
