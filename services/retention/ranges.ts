/** Name of the list that is filed beside a certificate: lines of epoch, topic, partition, first offset of an account, rows. */
export const rangesFile = (certificate: string): string => `${certificate}.ranges.csv`;
