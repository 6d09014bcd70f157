/** The dashboards' uids: bookmarks and links hold them. */
export const SOC = 'trailhouse-soc';
export const COST = 'trailhouse-cost';
