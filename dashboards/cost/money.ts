/** Sources state millionths of a dollar. */
export const USD = 'sum(cost_micro_usd) / 1000000';
