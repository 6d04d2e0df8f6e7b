/**
 * A packet filter as firewalls set it up: what comes in or goes through is dropped, except for logins and for what a host
 * sends to itself.
 */
export const DEFAULT_DROP = `
iptables -A INPUT -i lo -j ACCEPT
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -P INPUT DROP
iptables -P FORWARD DROP
`;
