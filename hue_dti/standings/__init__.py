"""Ranks by total, group and criterion, within regions; classes; why a rank changed; strengths and weaknesses; exact and without I/O."""
