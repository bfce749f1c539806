"""Who held which ground in Mali, on which day, according to whom, and how sure that is."""
