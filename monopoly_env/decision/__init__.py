"""What a decision is about, what each action does, and what the answers are worth."""
