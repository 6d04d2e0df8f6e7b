// Generated from schemas/topology.schema.json by scripts/generate.mjs. Change the schema, then run `npm run generate`.
export const validateTopology = validate10;
const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","$id":"topology.schema.json","title":"Topology file","description":"A Linux Virtual Server installation: its hosts, how they are connected, and the services that they offer.","type":"object","additionalProperties":false,"required":["version","name","hosts","services"],"properties":{"version":{"title":"Language version","description":"Topology format version; always 1.","const":1,"examples":[1]},"name":{"title":"Topology","description":"Names the installation. What lvsctl makes on the hosts is kept under this name, so it must not change while the topology is applied.","allOf":[{"$ref":"#/definitions/name"}],"examples":["dr-lab"]},"ssh":{"title":"SSH defaults","description":"How to log in to the hosts, where a host says nothing else. What neither says comes from ssh_config.","allOf":[{"$ref":"#/definitions/sshDefaults"}],"examples":[{"user":"ops","become":"sudo"}]},"persist":{"title":"Survive a reboot","description":"Whether a host restores the confirmed state when it reboots.","type":"boolean","default":true,"examples":[true]},"networks":{"title":"Segments","description":"Layer-2 segments by name, each with the subnets on it. List only segments that carry several subnets.","type":"object","propertyNames":{"$ref":"#/definitions/name"},"additionalProperties":{"$ref":"#/definitions/networks"},"maxProperties":4096,"examples":[{"sw1":["172.16.10.0/24","172.16.20.0/24"]}]},"hosts":{"title":"Hosts","description":"Every host of the installation by name: any name by which people know it, such as its name in DNS or in ssh_config, where lvsctl then logs in.","type":"object","propertyNames":{"$ref":"#/definitions/hostName"},"additionalProperties":{"$ref":"#/definitions/host"},"minProperties":1,"maxProperties":20000,"examples":[{"lb":{"role":"director","interfaces":{"eth0":"172.16.10.5/24"},"gateway":"172.16.10.1"}}]},"services":{"title":"Virtual services","description":"Every virtual service by name. All directors offer all of them.","type":"object","propertyNames":{"$ref":"#/definitions/name"},"additionalProperties":{"$ref":"#/definitions/service"},"minProperties":1,"maxProperties":10000,"examples":[{"web":{"mode":"dr","vip":"172.16.10.10","port":80,"scheduler":"rr"}}]},"timeouts":{"title":"IPVS timeouts","description":"When the directors forget idle connections. The kernel has one setting for all services of a host, so two topologies on a director cannot have different ones.","allOf":[{"$ref":"#/definitions/timeouts"}],"examples":[{"tcp":7200,"udp":30}]},"verify":{"title":"Verification","description":"How `lvsctl verify` tests the services.","allOf":[{"$ref":"#/definitions/verify"}],"examples":[{"requests":40,"timeout":5}]}},"patternProperties":{"^x-[a-z0-9-]{1,62}$":{"title":"Anchors","description":"Anything; ignored. A place for values with an anchor (`&name`) that are used elsewhere (`*name`, `<<: *name`).","examples":[{"role":"real-server","gateway":"172.16.20.1"}]}},"definitions":{"name":{"title":"Name","description":"Lower-case letters, digits and hyphens, at most 63, with a letter or digit at both ends.","type":"string","pattern":"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$","examples":["rs1"]},"hostName":{"title":"Host name","description":"As people call the host: letters, digits, dots, hyphens and underscores, at most 253, with a letter or digit first.","type":"string","maxLength":253,"pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$","examples":["rs1","web01.example.com"]},"address":{"title":"IP address","description":"IPv4 or IPv6 without a prefix length. Octets have no leading zeros, which some programs read as octal.","type":"string","pattern":"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$","examples":["172.16.10.10","2001:db8:10::10"]},"nextHop":{"title":"Router's address","description":"IPv4 or IPv6 without a prefix length; an IPv6 link-local address with its interface after a `%`.","type":"string","pattern":"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(%[^\\s/:%]{1,15})?)$","examples":["172.16.20.1","fe80::1%eth0"]},"interfaceAddress":{"title":"Interface address","description":"The host's own address with the prefix length of its subnet. Octets have no leading zeros, which some programs read as octal.","type":"string","pattern":"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$","examples":["172.16.20.10/24","2001:db8:10::5/64"]},"network":{"title":"Network","description":"A subnet: its first address and the prefix length. Octets have no leading zeros, which some programs read as octal.","type":"string","pattern":"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$","examples":["172.16.20.0/24","2001:db8:10::/64"]},"target":{"title":"Address or network","description":"One address, or a subnet with its prefix length. Octets have no leading zeros, which some programs read as octal.","type":"string","pattern":"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(/([12]?[0-9]|3[0-2]))?|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$","examples":["100.222.111.1/32","172.16.11.0/24"]},"networks":{"title":"Networks","description":"One subnet, or a list of the subnets that share the segment.","oneOf":[{"$ref":"#/definitions/network"},{"type":"array","items":{"$ref":"#/definitions/network"},"minItems":1,"maxItems":256}],"examples":["172.16.10.0/24",["172.16.10.0/24","172.16.20.0/24"]]},"anyInterfaceName":{"title":"Interface name","description":"As the host calls it; on Linux at most 15 letters, digits, and `.`, `_`, `-`. A host with `managed: false` that is no director may have any name: `Ethernet 2`.","type":"string","pattern":"^[^\\s:\\x00-\\x1f\\x7f-\\x9f]([^:\\x00-\\x1f\\x7f-\\x9f]{0,253}[^\\s:\\x00-\\x1f\\x7f-\\x9f])?$","examples":["eth0","Ethernet 2"]},"interfaceName":{"title":"Interface name","description":"As `ip link` prints it: at most 15 letters, digits, and `.`, `_`, `-`.","type":"string","pattern":"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$","examples":["eth0"]},"host":{"title":"Host","description":"A host: its role, SSH login and network interfaces.","type":"object","if":{"required":["managed"],"properties":{"managed":{"const":false},"role":{"not":{"const":"director"}},"roles":{"not":{"type":"array","contains":{"const":"director"}}}}},"else":{"properties":{"interfaces":{"propertyNames":{"$ref":"#/definitions/interfaceName"}},"routes":{"items":{"properties":{"device":{"$ref":"#/definitions/interfaceName"}}}}}},"additionalProperties":false,"required":["interfaces"],"properties":{"role":{"title":"Role","description":"What the host does; `roles` says it for a host that does several things.","allOf":[{"$ref":"#/definitions/role"}],"examples":["director"]},"roles":{"title":"Roles","description":"What the host does, in place of `role`, where it does several things.","type":"array","items":{"type":"string","enum":["firewall","director","real-server","client"]},"minItems":1,"uniqueItems":true,"examples":[["director","firewall"]]},"ssh":{"title":"SSH","description":"Where and how to log in. Without it, the host's name is the destination, so that ssh_config can say the rest.","oneOf":[{"$ref":"#/definitions/sshDestination"},{"$ref":"#/definitions/ssh"}],"examples":["lb1.example.net",{"host":"192.0.2.1","port":2222}]},"managed":{"title":"Managed","description":"Whether lvsctl logs in to the host. With `false` it never does: `plan` lists for the host's owner what it needs, and `verify` checks it from outside. For Windows, appliances, and other people's machines.","type":"boolean","default":true,"examples":[false]},"interfaces":{"title":"Interfaces","description":"The network interfaces by name, each with its address or addresses. Interfaces in one subnet are on one segment.","type":"object","propertyNames":{"$ref":"#/definitions/anyInterfaceName"},"additionalProperties":{"$ref":"#/definitions/interfaceAddresses"},"minProperties":1,"maxProperties":64,"examples":[{"eth0":"172.16.20.10/24"}]},"gateway":{"title":"Default gateway","description":"The default gateway, or a list of one for IPv4 and one for IPv6. It is in one of the host's own subnets, or reached by a route with `device`; a link-local one has its interface after a `%`.","oneOf":[{"$ref":"#/definitions/nextHop"},{"type":"array","items":{"$ref":"#/definitions/nextHop"},"minItems":1,"maxItems":2}],"examples":["172.16.20.1",["172.16.20.1","2001:db8:20::1"],"fe80::1%eth0"]},"routes":{"title":"Routes","description":"Routes besides those to the host's own subnets and to its default gateway.","type":"array","items":{"$ref":"#/definitions/route"},"maxItems":1024,"examples":[[{"to":"100.222.111.1/32","via":"1.65.15.141"},{"to":"2001:db8:1::/64","device":"eth0"}]]},"sysctls":{"title":"Kernel settings","description":"Kernel settings of your own for this host, by key.","type":"object","propertyNames":{"$ref":"#/definitions/sysctlKey"},"additionalProperties":{"$ref":"#/definitions/sysctlValue"},"maxProperties":256,"examples":[{"net.core.somaxconn":4096}]}},"examples":[{"role":"director","interfaces":{"eth0":"172.16.20.10/24"},"gateway":"172.16.20.1"}]},"role":{"title":"Role","description":"A firewall connects clients and directors, a director distributes requests, a real server answers them, a client tests.","type":"string","enum":["firewall","director","real-server","client"],"examples":["director"]},"interfaceAddresses":{"title":"Interface addresses","description":"The address with its prefix length, or a list of them.","oneOf":[{"$ref":"#/definitions/interfaceAddress"},{"type":"array","items":{"$ref":"#/definitions/interfaceAddress"},"minItems":1,"maxItems":256}],"examples":["172.16.20.10/24",["172.16.10.1/24","172.16.20.1/24"]]},"route":{"title":"Route","description":"Where packets for a network go: to a router (`via`), or to hosts that are neighbours themselves (`device`).","type":"object","additionalProperties":false,"required":["to"],"properties":{"to":{"title":"Destination","description":"The address or network that the route leads to.","allOf":[{"$ref":"#/definitions/target"}],"examples":["100.222.111.1/32"]},"via":{"title":"Next hop","description":"The address of the router, in one of the host's own subnets, or reached by a route with `device`; a link-local one has its interface after a `%`.","allOf":[{"$ref":"#/definitions/nextHop"}],"examples":["1.65.15.141"]},"device":{"title":"Interface","description":"In place of `via`: the interface on which the network's hosts are, without a router between (an on-link route).","allOf":[{"$ref":"#/definitions/anyInterfaceName"}],"examples":["eth0"]}},"examples":[{"to":"100.222.111.1/32","via":"1.65.15.141"},{"to":"2001:db8:1::/64","device":"eth0"}]},"sysctlKey":{"title":"Name of a kernel setting","description":"As `sysctl` prints it, with dots; an interface name that has a dot itself is written with slashes.","type":"string","pattern":"^[a-z][a-z0-9_]{0,31}([./][A-Za-z0-9_-]{1,63}){1,9}$","examples":["net.core.somaxconn"]},"sysctlValue":{"title":"Value of a kernel setting","description":"A number, or a text of at most 256 printable ASCII characters.","oneOf":[{"description":"A larger number is written in quotes.","type":"integer","minimum":-9007199254740991,"maximum":9007199254740991,"examples":[4096]},{"title":"Value of a kernel setting","type":"string","pattern":"^[\\x20-\\x7e]{1,256}$","description":"At most 256 printable ASCII characters."}],"examples":[4096,"bbr"]},"sshDestination":{"title":"SSH destination","description":"An address, a host name, or an alias from ssh_config.","type":"string","pattern":"^[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,254}$","examples":["192.0.2.1","lb1.example.net"]},"sshPort":{"title":"SSH port","description":"The TCP port of sshd. Default: as ssh_config says, else 22.","type":"integer","minimum":1,"maximum":65535,"examples":[2222]},"sshUser":{"title":"SSH user","description":"The user to log in as. Default: as ssh_config says, else the local user.","type":"string","pattern":"^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$","examples":["ops"]},"identityFile":{"title":"Key file","description":"The path of the private key; `~` is the home directory. Default: as ssh_config says, and the agent's keys.","type":"string","pattern":"^[^\\x00-\\x1f\\x7f-][^\\x00-\\x1f\\x7f]{0,1023}$","examples":["~/.ssh/id_ed25519"]},"jump":{"title":"Jump host","description":"The host or hosts to go through, as `ssh -J` has it: [user@]host[:port], several separated by commas.","type":"string","maxLength":1024,"pattern":"^([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?(,([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?){0,7}$","examples":["bastion.example.net","ops@192.0.2.9:2222"]},"become":{"title":"Become root","description":"How to become root where the user is not. Default: not at all.","type":"string","enum":["sudo"],"examples":["sudo"]},"sshDefaults":{"title":"SSH defaults","description":"How to log in to every host that says nothing else.","type":"object","additionalProperties":false,"properties":{"port":{"$ref":"#/definitions/sshPort"},"user":{"$ref":"#/definitions/sshUser"},"identityFile":{"$ref":"#/definitions/identityFile"},"jump":{"$ref":"#/definitions/jump"},"become":{"$ref":"#/definitions/become"}},"examples":[{"user":"ops","become":"sudo"}]},"ssh":{"title":"SSH settings","description":"Where and how to log in to one host.","type":"object","additionalProperties":false,"properties":{"host":{"title":"SSH destination","description":"Where to connect to. Default: the host's name.","allOf":[{"$ref":"#/definitions/sshDestination"}],"examples":["192.0.2.1"]},"port":{"$ref":"#/definitions/sshPort"},"user":{"$ref":"#/definitions/sshUser"},"identityFile":{"$ref":"#/definitions/identityFile"},"jump":{"$ref":"#/definitions/jump"},"become":{"$ref":"#/definitions/become"}},"examples":[{"host":"192.0.2.1","port":2222,"user":"root"}]},"service":{"title":"Service","description":"One virtual service: an address and port (or a firewall mark), a mode, and the real servers behind it.","type":"object","additionalProperties":false,"required":["mode"],"properties":{"mode":{"title":"Mode","description":"How packets reach the real servers: `dr`, `nat`, `tun`, `fullnat`, or the path of a playbook of your own, beginning with `./`, `../` or `/`.","type":"string","examples":["dr","nat","tun","fullnat","./my-mode.yaml"]},"vip":{"title":"Virtual address","description":"The address that clients connect to: the address alone, or with the directors' interface and the prefix length. It is a free address that lvsctl adds, or the own address of a lone director in a mode in which real servers do not get it; that stays as it is.","oneOf":[{"$ref":"#/definitions/address"},{"$ref":"#/definitions/vip"}],"examples":["172.16.10.10",{"address":"172.16.10.10","interface":"eth0"}]},"vips":{"title":"Virtual addresses","description":"In place of `vip`, several of them for one service, each written in the same way.","type":"array","items":{"$ref":"#/definitions/vipEntry"},"minItems":1,"maxItems":64,"examples":[["172.16.10.10","172.16.10.11"]]},"port":{"title":"Port","description":"The port that clients connect to; 0 means every port and needs `persistence`.","type":"integer","minimum":0,"maximum":65535,"examples":[80]},"ports":{"title":"Ports","description":"In place of `port`, several ports and ranges for one service; real servers are asked on the same ones. With `persistence` a client has one real server on all of them. lvsctl uses a firewall mark of its own where the kernel needs one: for ranges, and for persistence.","type":"array","items":{"$ref":"#/definitions/ports"},"minItems":1,"maxItems":32,"examples":[[80,443,"8000-8099"]]},"protocol":{"title":"Protocol","description":"The transport protocol of the service.","allOf":[{"$ref":"#/definitions/protocol"}],"default":"tcp","examples":["tcp"]},"fwmark":{"title":"Firewall mark","description":"In place of `vip` and `port`: one service for every packet that `match` marks with this number.","type":"integer","minimum":1,"maximum":4294967295,"examples":[17]},"match":{"title":"Marked packets","description":"Which packets a firewall-mark service gets.","type":"array","items":{"$ref":"#/definitions/match"},"minItems":1,"maxItems":256,"examples":[[{"address":"172.16.11.0/24","protocol":"tcp","ports":[80,443]}]]},"scheduler":{"title":"Scheduler","description":"How the director chooses a real server.","type":"string","enum":["rr","wrr","lc","wlc","lblc","lblcr","dh","sh","mh","sed","nq","fo","ovf","twos"],"default":"wlc","examples":["rr"]},"schedulerFlags":{"title":"Scheduler flags","description":"For the schedulers sh and mh: hash the source port too (sh-port, mh-port), or choose another real server for one that is not available (sh-fallback, mh-fallback).","type":"array","items":{"title":"Scheduler flag","description":"The flag begins with the name of its scheduler.","type":"string","enum":["sh-port","sh-fallback","mh-port","mh-fallback"]},"minItems":1,"uniqueItems":true,"examples":[["sh-port","sh-fallback"]]},"persistence":{"title":"Persistence","description":"Sends a client's later connections to the real server of its first.","allOf":[{"$ref":"#/definitions/persistence"}],"examples":[{"timeout":360,"netmask":"255.255.255.0"}]},"helper":{"title":"Helper","description":"For a protocol whose connections belong together. `ftp`: data connections, active and passive, reach the real server of their control connection on port 21. Where the director rewrites packets, its kernel follows the protocol with the module ip_vs_ftp; in other modes `persistence` does it.","type":"string","enum":["ftp"],"examples":["ftp"]},"onePacket":{"title":"One-packet scheduling","description":"Schedules each UDP datagram by itself, without a connection entry.","type":"boolean","default":false,"examples":[true]},"arp":{"title":"ARP on real servers","description":"What keeps real servers that have the virtual address from answering ARP for it: the kernel settings arp_ignore and arp_announce, or arptables rules. Built-in modes: `dr`, `tun`.","type":"string","enum":["sysctl","arptables"],"default":"sysctl","examples":["arptables"]},"publish":{"title":"Publication","description":"Makes a firewall pass on what arrives at a public address of its own (DNAT).","allOf":[{"$ref":"#/definitions/publish"}],"examples":[{"on":"fw","address":"10.0.2.1"}]},"synproxy":{"title":"SYN proxy","description":"Lets a host answer TCP handshakes first and pass on only those that a client completes.","allOf":[{"$ref":"#/definitions/synproxy"}],"examples":[{"on":"fw","mss":1460,"windowScale":7}]},"tunnel":{"title":"Tunnel","description":"The header that the director puts around packets to the real servers. Built-in modes: `tun`.","allOf":[{"$ref":"#/definitions/tunnel"}],"examples":[{"type":"gue","port":6080}]},"mssClamp":{"title":"MSS clamp","description":"The largest TCP segment, in bytes, that real servers announce, so that a header around requests still fits: with packets of 1500 bytes and IP in IP 1440, or 1420 where the real server's address and the service's are of different families, or 1400 for IPv6 in IPv6; 4 less with GRE (8 with `checksum`), 12 less with GUE. Built-in modes: `tun`.","type":"integer","minimum":536,"maximum":65495,"examples":[1440]},"masquerade":{"title":"Masquerade","description":"The director puts its own address in place of the client's, so that replies come back through it whatever the real servers' gateway is. Built-in modes: `nat`.","type":"boolean","default":false,"examples":[true]},"internet":{"title":"Internet access","description":"Lets the real servers reach other networks through the director, as a router for them with its own address as their source. They need it as their gateway. Built-in modes: `nat`.","type":"boolean","default":false,"examples":[true]},"log":{"title":"Log prefix","description":"Logs new connections to the kernel log of the director, each line beginning with this text: at most 29 printable ASCII characters.","type":"string","pattern":"^[\\x20-\\x7e]{1,29}$","examples":["[lvs web] "]},"localAddresses":{"title":"Local addresses","description":"The director's addresses (LIPs) that real servers see in place of the client's. Built-in modes: `fullnat`.","type":"array","items":{"$ref":"#/definitions/address"},"minItems":1,"maxItems":256,"examples":[["172.16.10.201","172.16.10.202"]]},"testPage":{"title":"Test page","description":"Runs a small server on each real server that lvsctl logs in to, which answers with the host's name: a web server for TCP, and a responder for UDP and SCTP.","type":"boolean","default":false,"examples":[true]},"verify":{"title":"Test","description":"How `lvsctl verify` tests the service: a type alone, or with settings. Default: the test page, where there is one; else by the port: HTTP on 80, 8080 and the like, HTTPS on 443 and 8443, DNS on 53, SIP on UDP port 5060, a datagram for other UDP ports, and for every other TCP port a few connections that say nothing; with `helper: ftp` the server has to greet.","oneOf":[{"$ref":"#/definitions/testType"},{"$ref":"#/definitions/serviceTest"}],"examples":["tcp",{"type":"https","host":"shop.example.net","path":"/health","expect":200}]},"realServers":{"title":"Real servers","description":"A list of hosts, or a map with settings for each. A list can hold settings too, as entries with `host`, and then a host can stand there several times. `[]` if there are none yet. Default: every host with the role real-server.","oneOf":[{"type":"array","items":{"oneOf":[{"$ref":"#/definitions/hostName"},{"$ref":"#/definitions/realServerEntry"}]},"maxItems":20000},{"type":"object","propertyNames":{"$ref":"#/definitions/hostName"},"additionalProperties":{"$ref":"#/definitions/realServer"},"maxProperties":20000}],"examples":[["rs1","rs2"],{"rs1":{"weight":3},"rs2":{"weight":1}},[{"host":"rs1","port":8001},{"host":"rs1","port":8002}]]}},"examples":[{"mode":"dr","vip":"172.16.10.10","port":80,"scheduler":"rr"}]},"testType":{"title":"Type of test","description":"What verify sends: requests by `http` or `https`, connections that say nothing (`tcp`), datagrams (`udp`), associations (`sctp`), questions to a name server (`dns`), OPTIONS requests to a SIP server (`sip`), or nothing (`none`).","type":"string","enum":["http","https","tcp","udp","sctp","dns","sip","none"],"examples":["tcp"]},"serviceTest":{"title":"Test","description":"How verify tests one service, and what it has to answer.","type":"object","additionalProperties":false,"properties":{"type":{"title":"Type of test","description":"What verify sends. Default: by the port and the other settings.","allOf":[{"$ref":"#/definitions/testType"}],"examples":["https"]},"port":{"title":"Port","description":"Which of the service's ports to test, where it has several. Default: each port, and the first one of a range.","type":"integer","minimum":1,"maximum":65535,"examples":[8080]},"path":{"title":"Path","description":"For `http` and `https`: what to ask for.","type":"string","pattern":"^/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,1023}$","default":"/","examples":["/health"]},"host":{"title":"Host name","description":"For `http` and `https`: the site's name, in the Host header and for TLS. For `dns`: the name to ask for. No name server is asked about it.","type":"string","pattern":"^([A-Za-z0-9_-]{1,63}\\.){0,31}[A-Za-z0-9_-]{1,63}\\.?$","maxLength":254,"examples":["shop.example.net"]},"expect":{"title":"Expected answer","description":"A number is the status that `http`, `https` and `sip` have to answer with; a text has to be in the answer. For `tcp` that is what the service says first; for `dns` an address that the name has. Default: any answer.","oneOf":[{"description":"A status goes from 100 to 599.","type":"integer","minimum":100,"maximum":599,"examples":[200]},{"title":"Expected text","type":"string","pattern":"^[\\x20-\\x7e]{1,200}$","description":"At most 200 printable ASCII characters.","examples":["SSH-2.0"]}],"examples":[200,"SSH-2.0"]},"tls":{"title":"TLS","description":"For `https`: how the certificate is checked.","allOf":[{"$ref":"#/definitions/testTls"}],"examples":[{"verify":true,"ca":"/etc/ssl/our-ca.pem"}]}},"examples":[{"type":"https","host":"shop.example.net","path":"/health","expect":200}]},"testTls":{"title":"TLS","description":"How the certificate is checked.","type":"object","additionalProperties":false,"properties":{"verify":{"title":"Check the certificate","description":"Whether a certificate that is expired, for another name or by an unknown issuer fails the test. Default: only with `ca`.","type":"boolean","examples":[true]},"ca":{"title":"Issuer's certificate","description":"The path of a file on the host that sends the requests, with the certificates of the issuers to trust. Default: those of the host.","type":"string","pattern":"^/[A-Za-z0-9_./+-]{1,1023}$","examples":["/etc/ssl/our-ca.pem"]}},"examples":[{"verify":true}]},"protocol":{"title":"Protocol","description":"A transport protocol that IPVS knows.","type":"string","enum":["tcp","udp","sctp"],"examples":["tcp"]},"vip":{"title":"Virtual address","description":"The address that clients connect to.","type":"object","additionalProperties":false,"required":["address"],"properties":{"address":{"title":"Address","description":"The address that clients connect to.","allOf":[{"$ref":"#/definitions/address"}],"examples":["172.16.10.10"]},"interface":{"title":"Interface","description":"The directors' interface that carries the address. Default: the one on the address's subnet.","allOf":[{"$ref":"#/definitions/interfaceName"}],"examples":["eth0"]},"prefix":{"title":"Prefix length","description":"The prefix length on the directors. Default: 32 for IPv4, 128 for IPv6. Real servers always get the whole length.","type":"integer","minimum":1,"maximum":128,"examples":[32]}},"examples":[{"address":"172.16.10.10","interface":"eth0"}]},"vipEntry":{"title":"Virtual address","description":"The address alone, or with the directors' interface and the prefix length.","oneOf":[{"$ref":"#/definitions/address"},{"$ref":"#/definitions/vip"}],"examples":["172.16.10.10",{"address":"172.16.10.10","interface":"eth0"}]},"match":{"title":"Match","description":"Packets to an address or network, by protocol and port.","type":"object","additionalProperties":false,"required":["address"],"properties":{"address":{"title":"Destination","description":"The address or network that packets go to.","allOf":[{"$ref":"#/definitions/target"}],"examples":["172.16.11.0/24"]},"protocol":{"title":"Protocol","description":"The transport protocol of the packets.","allOf":[{"$ref":"#/definitions/protocol"}],"default":"tcp","examples":["tcp"]},"ports":{"title":"Ports","description":"Ports and ranges of ports. Default: every port.","type":"array","items":{"$ref":"#/definitions/ports"},"minItems":1,"maxItems":15,"examples":[[80,443,"8000-8099"]]},"interface":{"title":"Interface","description":"The directors' interface that gets a single address. Default: one in its network.","allOf":[{"$ref":"#/definitions/interfaceName"}],"examples":["eth0"]}},"examples":[{"address":"172.16.11.0/24","protocol":"tcp","ports":[80,443]}]},"ports":{"title":"Port or range of ports","description":"A port from 1 to 65535, or a range such as 8000-8099.","oneOf":[{"description":"Ports go from 1 to 65535.","type":"integer","minimum":1,"maximum":65535,"examples":[80]},{"title":"Range of ports","description":"Two ports with a hyphen between them.","type":"string","pattern":"^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$","examples":["8000-8099"]}],"examples":[80,"8000-8099"]},"persistence":{"title":"Persistence","description":"Timeout and client netmask of sticky sessions.","type":"object","additionalProperties":false,"properties":{"timeout":{"title":"Timeout","description":"Seconds after a client's last connection until it may get another real server; at most 31 days.","type":"integer","minimum":1,"maximum":2678400,"default":300,"examples":[360]},"netmask":{"title":"Netmask","description":"Clients that are equal under this mask count as one: a netmask for IPv4, where 0.0.0.0 makes one of all, or a prefix length for IPv6. Default: each client by itself.","oneOf":[{"description":"A prefix length goes from 1 to 128.","type":"integer","minimum":1,"maximum":128,"examples":[64]},{"title":"Netmask","description":"A netmask has its ones on the left.","type":"string","pattern":"^((0\\.0\\.0\\.0)|((128|192|224|240|248|252|254)\\.0\\.0\\.0)|(255\\.(0|128|192|224|240|248|252|254)\\.0\\.0)|(255\\.255\\.(0|128|192|224|240|248|252|254)\\.0)|(255\\.255\\.255\\.(0|128|192|224|240|248|252|254|255)))$","examples":["255.255.255.0"]}],"examples":["255.255.255.0",64]},"engine":{"title":"Persistence engine","description":"What has to be equal besides the client. `sip`: the Call-ID of SIP over UDP, so that a call stays with its real server and the calls of one client are spread. Packets without a Call-ID are dropped.","type":"string","enum":["sip"],"examples":["sip"]}},"examples":[{"timeout":360}]},"publish":{"title":"Publication","description":"A public address and port on a firewall.","type":"object","additionalProperties":false,"required":["on","address"],"properties":{"on":{"title":"Firewall","description":"The host that has the public address; its role is firewall.","allOf":[{"$ref":"#/definitions/hostName"}],"examples":["fw"]},"address":{"title":"Public address","description":"The address on the firewall that clients connect to, or a list of several. With `vips` the first one leads to the first of them, and so on.","oneOf":[{"$ref":"#/definitions/address"},{"type":"array","items":{"$ref":"#/definitions/address"},"minItems":1,"maxItems":64}],"examples":["10.0.2.1",["10.0.2.1","10.0.2.2"]]},"port":{"title":"Public port","description":"The port that clients connect to. Default: the service's port, or all of its `ports`.","type":"integer","minimum":1,"maximum":65535,"examples":[443]},"hairpin":{"title":"Hairpin","description":"Lets hosts behind the firewall use the public address too; real servers then see the firewall's address for them.","type":"boolean","default":false,"examples":[true]}},"examples":[{"on":"fw","address":"10.0.2.1"}]},"synproxy":{"title":"SYN proxy","description":"Which host answers handshakes, and with which TCP options. They have to be those of the real servers.","type":"object","additionalProperties":false,"required":["on"],"properties":{"on":{"title":"Host","description":"A firewall in front, or the director itself if replies pass it. Built-in modes in which they do: `nat`, `fullnat`.","allOf":[{"$ref":"#/definitions/hostName"}],"examples":["fw"]},"mss":{"title":"MSS","description":"The maximum segment size that the real servers announce, in bytes. Default: `mssClamp`, else 1460, or 1440 for IPv6.","type":"integer","minimum":536,"maximum":65495,"examples":[1460]},"windowScale":{"title":"Window scale","description":"The window scale that the real servers announce.","type":"integer","minimum":0,"maximum":14,"default":7,"examples":[7]}},"examples":[{"on":"fw","mss":1460,"windowScale":7}]},"tunnel":{"title":"Tunnel","description":"The encapsulation between director and real servers.","type":"object","additionalProperties":false,"properties":{"type":{"title":"Encapsulation","description":"IP in IP, or the same in UDP (gue) or in GRE, which get through where plain IP in IP does not.","type":"string","enum":["ipip","gue","gre"],"default":"ipip","examples":["gue"]},"port":{"title":"UDP port","description":"For gue: the UDP port on the real servers.","type":"integer","minimum":1,"maximum":65535,"examples":[6080]},"checksum":{"title":"Checksum","description":"For gue: whether the encapsulation has a checksum.","type":"boolean","default":false,"examples":[false]}},"examples":[{"type":"gue","port":6080,"checksum":false}]},"realServer":{"title":"Real server","description":"How one service uses a real server; empty for the defaults.","type":["object","null"],"additionalProperties":false,"properties":{"mode":{"title":"Mode","description":"How packets reach this real server, where that is not the service's mode. Each has to be set up as its own mode requires.","type":"string","examples":["tun"]},"address":{"title":"Address","description":"The real server's address for this service (the RIP), where the host has several. Default: the one on the directors' segment, else the first, of the service's family. Of several there, the one whose gateway is a director comes first where replies return through it, then the one in the network of the virtual address. A tunnel can also go to an address of the other family. Built-in modes that can: `tun`.","allOf":[{"$ref":"#/definitions/address"}],"examples":["172.16.10.21"]},"port":{"title":"Port","description":"The port on the real server, where it differs from the service's and the mode can change it. Built-in modes that can: `nat`, `fullnat`.","type":"integer","minimum":1,"maximum":65535,"examples":[8080]},"weight":{"title":"Weight","description":"Relative weight; 0 drains the server.","type":"integer","minimum":0,"maximum":2147483647,"default":1,"examples":[3]},"upperThreshold":{"title":"Upper threshold","description":"From this many connections on it gets no new ones; 0 for no limit.","type":"integer","minimum":0,"maximum":65535,"default":0,"examples":[20000]},"lowerThreshold":{"title":"Lower threshold","description":"Below this many connections it gets new ones again; 0 for three quarters of the upper threshold.","type":"integer","minimum":0,"maximum":65535,"default":0,"examples":[15000]}},"examples":[{"weight":3}]},"realServerEntry":{"title":"Real server","description":"A host and how the service uses it. A host can stand in several entries, with different ports or addresses.","type":"object","additionalProperties":false,"required":["host"],"properties":{"host":{"title":"Host","description":"The host; its role is real-server.","allOf":[{"$ref":"#/definitions/hostName"}],"examples":["rs1"]},"mode":{"$ref":"#/definitions/realServer/properties/mode"},"address":{"$ref":"#/definitions/realServer/properties/address"},"port":{"$ref":"#/definitions/realServer/properties/port"},"weight":{"$ref":"#/definitions/realServer/properties/weight"},"upperThreshold":{"$ref":"#/definitions/realServer/properties/upperThreshold"},"lowerThreshold":{"$ref":"#/definitions/realServer/properties/lowerThreshold"}},"examples":[{"host":"rs1","port":8001}]},"timeouts":{"title":"IPVS timeouts","description":"Seconds until idle connections are forgotten. What is not named has the kernel's default.","type":"object","additionalProperties":false,"minProperties":1,"properties":{"tcp":{"title":"TCP timeout","description":"Seconds until an idle TCP connection is forgotten; its next packet is then answered with a reset. Longer than the client's and the server's own keepalive.","type":"integer","minimum":1,"maximum":2147483,"default":900,"examples":[7200]},"tcpfin":{"title":"Timeout after a FIN","description":"Seconds until a TCP connection is forgotten after one side has closed it.","type":"integer","minimum":1,"maximum":2147483,"default":120,"examples":[60]},"udp":{"title":"UDP timeout","description":"Seconds after the last datagram until a client may get another real server.","type":"integer","minimum":1,"maximum":2147483,"default":300,"examples":[30]}},"examples":[{"tcp":7200,"udp":30}]},"verify":{"title":"Verification","description":"How the services are tested.","type":"object","additionalProperties":false,"properties":{"requests":{"title":"Requests","description":"How many requests to send to each service.","type":"integer","minimum":1,"maximum":10000,"default":20,"examples":[40]},"timeout":{"title":"Timeout","description":"Seconds until a request counts as failed.","type":"integer","minimum":1,"maximum":300,"default":5,"examples":[5]}},"examples":[{"requests":40,"timeout":5}]}}};
const schema12 = {"title":"Name","description":"Lower-case letters, digits and hyphens, at most 63, with a letter or digit at both ends.","type":"string","pattern":"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$","examples":["rs1"]};
const schema23 = {"title":"Host name","description":"As people call the host: letters, digits, dots, hyphens and underscores, at most 253, with a letter or digit first.","type":"string","maxLength":253,"pattern":"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$","examples":["rs1","web01.example.com"]};
const schema89 = {"title":"IPVS timeouts","description":"Seconds until idle connections are forgotten. What is not named has the kernel's default.","type":"object","additionalProperties":false,"minProperties":1,"properties":{"tcp":{"title":"TCP timeout","description":"Seconds until an idle TCP connection is forgotten; its next packet is then answered with a reset. Longer than the client's and the server's own keepalive.","type":"integer","minimum":1,"maximum":2147483,"default":900,"examples":[7200]},"tcpfin":{"title":"Timeout after a FIN","description":"Seconds until a TCP connection is forgotten after one side has closed it.","type":"integer","minimum":1,"maximum":2147483,"default":120,"examples":[60]},"udp":{"title":"UDP timeout","description":"Seconds after the last datagram until a client may get another real server.","type":"integer","minimum":1,"maximum":2147483,"default":300,"examples":[30]}},"examples":[{"tcp":7200,"udp":30}]};
const schema90 = {"title":"Verification","description":"How the services are tested.","type":"object","additionalProperties":false,"properties":{"requests":{"title":"Requests","description":"How many requests to send to each service.","type":"integer","minimum":1,"maximum":10000,"default":20,"examples":[40]},"timeout":{"title":"Timeout","description":"Seconds until a request counts as failed.","type":"integer","minimum":1,"maximum":300,"default":5,"examples":[5]}},"examples":[{"requests":40,"timeout":5}]};
const func2 = Object.prototype.hasOwnProperty;
const pattern0 = new RegExp("^x-[a-z0-9-]{1,62}$", "u");
const pattern1 = new RegExp("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", "u");
const pattern8 = new RegExp("^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$", "u");
const schema13 = {"title":"SSH defaults","description":"How to log in to every host that says nothing else.","type":"object","additionalProperties":false,"properties":{"port":{"$ref":"#/definitions/sshPort"},"user":{"$ref":"#/definitions/sshUser"},"identityFile":{"$ref":"#/definitions/identityFile"},"jump":{"$ref":"#/definitions/jump"},"become":{"$ref":"#/definitions/become"}},"examples":[{"user":"ops","become":"sudo"}]};
const schema14 = {"title":"SSH port","description":"The TCP port of sshd. Default: as ssh_config says, else 22.","type":"integer","minimum":1,"maximum":65535,"examples":[2222]};
const schema15 = {"title":"SSH user","description":"The user to log in as. Default: as ssh_config says, else the local user.","type":"string","pattern":"^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$","examples":["ops"]};
const schema16 = {"title":"Key file","description":"The path of the private key; `~` is the home directory. Default: as ssh_config says, and the agent's keys.","type":"string","pattern":"^[^\\x00-\\x1f\\x7f-][^\\x00-\\x1f\\x7f]{0,1023}$","examples":["~/.ssh/id_ed25519"]};
const schema17 = {"title":"Jump host","description":"The host or hosts to go through, as `ssh -J` has it: [user@]host[:port], several separated by commas.","type":"string","maxLength":1024,"pattern":"^([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?(,([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?){0,7}$","examples":["bastion.example.net","ops@192.0.2.9:2222"]};
const schema18 = {"title":"Become root","description":"How to become root where the user is not. Default: not at all.","type":"string","enum":["sudo"],"examples":["sudo"]};
const pattern2 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$", "u");
const pattern3 = new RegExp("^[^\\x00-\\x1f\\x7f-][^\\x00-\\x1f\\x7f]{0,1023}$", "u");
const pattern4 = new RegExp("^([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?(,([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?){0,7}$", "u");

function validate11(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((key0 === "port") || (key0 === "user")) || (key0 === "identityFile")) || (key0 === "jump")) || (key0 === "become"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema13,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.port !== undefined){
let data0 = data.port;
if(!(((typeof data0 == "number") && (!(data0 % 1) && !isNaN(data0))) && (isFinite(data0)))){
const err1 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/sshPort/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema14.type,parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if((typeof data0 == "number") && (isFinite(data0))){
if(data0 > 65535 || isNaN(data0)){
const err2 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/sshPort/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data0 < 1 || isNaN(data0)){
const err3 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/sshPort/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema14,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
if(data.user !== undefined){
let data1 = data.user;
if(typeof data1 === "string"){
if(!pattern2.test(data1)){
const err4 = {instancePath:instancePath+"/user",schemaPath:"#/definitions/sshUser/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$"},message:"must match pattern \""+"^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$"+"\"",schema:"^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$",parentSchema:schema15,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/user",schemaPath:"#/definitions/sshUser/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema15.type,parentSchema:schema15,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.identityFile !== undefined){
let data2 = data.identityFile;
if(typeof data2 === "string"){
if(!pattern3.test(data2)){
const err6 = {instancePath:instancePath+"/identityFile",schemaPath:"#/definitions/identityFile/pattern",keyword:"pattern",params:{pattern: "^[^\\x00-\\x1f\\x7f-][^\\x00-\\x1f\\x7f]{0,1023}$"},message:"must match pattern \""+"^[^\\x00-\\x1f\\x7f-][^\\x00-\\x1f\\x7f]{0,1023}$"+"\"",schema:"^[^\\x00-\\x1f\\x7f-][^\\x00-\\x1f\\x7f]{0,1023}$",parentSchema:schema16,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/identityFile",schemaPath:"#/definitions/identityFile/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema16.type,parentSchema:schema16,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.jump !== undefined){
let data3 = data.jump;
if(typeof data3 === "string"){
if(data3.length > 1024){
const err8 = {instancePath:instancePath+"/jump",schemaPath:"#/definitions/jump/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters",schema:1024,parentSchema:schema17,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(!pattern4.test(data3)){
const err9 = {instancePath:instancePath+"/jump",schemaPath:"#/definitions/jump/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?(,([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?){0,7}$"},message:"must match pattern \""+"^([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?(,([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?){0,7}$"+"\"",schema:"^([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?(,([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?){0,7}$",parentSchema:schema17,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/jump",schemaPath:"#/definitions/jump/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema17.type,parentSchema:schema17,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.become !== undefined){
let data4 = data.become;
if(typeof data4 !== "string"){
const err11 = {instancePath:instancePath+"/become",schemaPath:"#/definitions/become/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema18.type,parentSchema:schema18,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(!(data4 === "sudo")){
const err12 = {instancePath:instancePath+"/become",schemaPath:"#/definitions/become/enum",keyword:"enum",params:{allowedValues: schema18.enum},message:"must be equal to one of the allowed values",schema:schema18.enum,parentSchema:schema18,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
else {
const err13 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema13.type,parentSchema:schema13,data};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
validate11.errors = vErrors;
return errors === 0;
}

const schema20 = {"title":"Networks","description":"One subnet, or a list of the subnets that share the segment.","oneOf":[{"$ref":"#/definitions/network"},{"type":"array","items":{"$ref":"#/definitions/network"},"minItems":1,"maxItems":256}],"examples":["172.16.10.0/24",["172.16.10.0/24","172.16.20.0/24"]]};
const schema21 = {"title":"Network","description":"A subnet: its first address and the prefix length. Octets have no leading zeros, which some programs read as octal.","type":"string","pattern":"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$","examples":["172.16.20.0/24","2001:db8:10::/64"]};
const pattern6 = new RegExp("^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$", "u");

function validate13(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(typeof data === "string"){
if(!pattern6.test(data)){
const err0 = {instancePath,schemaPath:"#/definitions/network/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$",parentSchema:schema21,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/definitions/network/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema21.type,parentSchema:schema21,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs4 = errors;
if(Array.isArray(data)){
if(data.length > 256){
const err2 = {instancePath,schemaPath:"#/oneOf/1/maxItems",keyword:"maxItems",params:{limit: 256},message:"must NOT have more than 256 items",schema:256,parentSchema:schema20.oneOf[1],data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.length < 1){
const err3 = {instancePath,schemaPath:"#/oneOf/1/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema20.oneOf[1],data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(typeof data0 === "string"){
if(!pattern6.test(data0)){
const err4 = {instancePath:instancePath+"/" + i0,schemaPath:"#/definitions/network/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$",parentSchema:schema21,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/" + i0,schemaPath:"#/definitions/network/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema21.type,parentSchema:schema21,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
else {
const err6 = {instancePath,schemaPath:"#/oneOf/1/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema20.oneOf[1].type,parentSchema:schema20.oneOf[1],data};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
var _valid0 = _errs4 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
const err7 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema20.oneOf,parentSchema:schema20,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate13.errors = vErrors;
return errors === 0;
}

const schema24 = {"title":"Host","description":"A host: its role, SSH login and network interfaces.","type":"object","if":{"required":["managed"],"properties":{"managed":{"const":false},"role":{"not":{"const":"director"}},"roles":{"not":{"type":"array","contains":{"const":"director"}}}}},"else":{"properties":{"interfaces":{"propertyNames":{"$ref":"#/definitions/interfaceName"}},"routes":{"items":{"properties":{"device":{"$ref":"#/definitions/interfaceName"}}}}}},"additionalProperties":false,"required":["interfaces"],"properties":{"role":{"title":"Role","description":"What the host does; `roles` says it for a host that does several things.","allOf":[{"$ref":"#/definitions/role"}],"examples":["director"]},"roles":{"title":"Roles","description":"What the host does, in place of `role`, where it does several things.","type":"array","items":{"type":"string","enum":["firewall","director","real-server","client"]},"minItems":1,"uniqueItems":true,"examples":[["director","firewall"]]},"ssh":{"title":"SSH","description":"Where and how to log in. Without it, the host's name is the destination, so that ssh_config can say the rest.","oneOf":[{"$ref":"#/definitions/sshDestination"},{"$ref":"#/definitions/ssh"}],"examples":["lb1.example.net",{"host":"192.0.2.1","port":2222}]},"managed":{"title":"Managed","description":"Whether lvsctl logs in to the host. With `false` it never does: `plan` lists for the host's owner what it needs, and `verify` checks it from outside. For Windows, appliances, and other people's machines.","type":"boolean","default":true,"examples":[false]},"interfaces":{"title":"Interfaces","description":"The network interfaces by name, each with its address or addresses. Interfaces in one subnet are on one segment.","type":"object","propertyNames":{"$ref":"#/definitions/anyInterfaceName"},"additionalProperties":{"$ref":"#/definitions/interfaceAddresses"},"minProperties":1,"maxProperties":64,"examples":[{"eth0":"172.16.20.10/24"}]},"gateway":{"title":"Default gateway","description":"The default gateway, or a list of one for IPv4 and one for IPv6. It is in one of the host's own subnets, or reached by a route with `device`; a link-local one has its interface after a `%`.","oneOf":[{"$ref":"#/definitions/nextHop"},{"type":"array","items":{"$ref":"#/definitions/nextHop"},"minItems":1,"maxItems":2}],"examples":["172.16.20.1",["172.16.20.1","2001:db8:20::1"],"fe80::1%eth0"]},"routes":{"title":"Routes","description":"Routes besides those to the host's own subnets and to its default gateway.","type":"array","items":{"$ref":"#/definitions/route"},"maxItems":1024,"examples":[[{"to":"100.222.111.1/32","via":"1.65.15.141"},{"to":"2001:db8:1::/64","device":"eth0"}]]},"sysctls":{"title":"Kernel settings","description":"Kernel settings of your own for this host, by key.","type":"object","propertyNames":{"$ref":"#/definitions/sysctlKey"},"additionalProperties":{"$ref":"#/definitions/sysctlValue"},"maxProperties":256,"examples":[{"net.core.somaxconn":4096}]}},"examples":[{"role":"director","interfaces":{"eth0":"172.16.20.10/24"},"gateway":"172.16.20.1"}]};
const schema25 = {"title":"Interface name","description":"As `ip link` prints it: at most 15 letters, digits, and `.`, `_`, `-`.","type":"string","pattern":"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$","examples":["eth0"]};
const schema27 = {"title":"Role","description":"A firewall connects clients and directors, a director distributes requests, a real server answers them, a client tests.","type":"string","enum":["firewall","director","real-server","client"],"examples":["director"]};
const schema28 = {"title":"SSH destination","description":"An address, a host name, or an alias from ssh_config.","type":"string","pattern":"^[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,254}$","examples":["192.0.2.1","lb1.example.net"]};
const schema36 = {"title":"Interface name","description":"As the host calls it; on Linux at most 15 letters, digits, and `.`, `_`, `-`. A host with `managed: false` that is no director may have any name: `Ethernet 2`.","type":"string","pattern":"^[^\\s:\\x00-\\x1f\\x7f-\\x9f]([^:\\x00-\\x1f\\x7f-\\x9f]{0,253}[^\\s:\\x00-\\x1f\\x7f-\\x9f])?$","examples":["eth0","Ethernet 2"]};
const schema40 = {"title":"Router's address","description":"IPv4 or IPv6 without a prefix length; an IPv6 link-local address with its interface after a `%`.","type":"string","pattern":"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(%[^\\s/:%]{1,15})?)$","examples":["172.16.20.1","fe80::1%eth0"]};
const schema46 = {"title":"Name of a kernel setting","description":"As `sysctl` prints it, with dots; an interface name that has a dot itself is written with slashes.","type":"string","pattern":"^[a-z][a-z0-9_]{0,31}([./][A-Za-z0-9_-]{1,63}){1,9}$","examples":["net.core.somaxconn"]};
const schema47 = {"title":"Value of a kernel setting","description":"A number, or a text of at most 256 printable ASCII characters.","oneOf":[{"description":"A larger number is written in quotes.","type":"integer","minimum":-9007199254740991,"maximum":9007199254740991,"examples":[4096]},{"title":"Value of a kernel setting","type":"string","pattern":"^[\\x20-\\x7e]{1,256}$","description":"At most 256 printable ASCII characters."}],"examples":[4096,"bbr"]};
const pattern9 = new RegExp("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$", "u");
const pattern11 = new RegExp("^[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,254}$", "u");
const pattern16 = new RegExp("^[^\\s:\\x00-\\x1f\\x7f-\\x9f]([^:\\x00-\\x1f\\x7f-\\x9f]{0,253}[^\\s:\\x00-\\x1f\\x7f-\\x9f])?$", "u");
const pattern19 = new RegExp("^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(%[^\\s/:%]{1,15})?)$", "u");
const pattern24 = new RegExp("^[a-z][a-z0-9_]{0,31}([./][A-Za-z0-9_-]{1,63}){1,9}$", "u");
const pattern25 = new RegExp("^[\\x20-\\x7e]{1,256}$", "u");
const schema29 = {"title":"SSH settings","description":"Where and how to log in to one host.","type":"object","additionalProperties":false,"properties":{"host":{"title":"SSH destination","description":"Where to connect to. Default: the host's name.","allOf":[{"$ref":"#/definitions/sshDestination"}],"examples":["192.0.2.1"]},"port":{"$ref":"#/definitions/sshPort"},"user":{"$ref":"#/definitions/sshUser"},"identityFile":{"$ref":"#/definitions/identityFile"},"jump":{"$ref":"#/definitions/jump"},"become":{"$ref":"#/definitions/become"}},"examples":[{"host":"192.0.2.1","port":2222,"user":"root"}]};

function validate16(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((key0 === "host") || (key0 === "port")) || (key0 === "user")) || (key0 === "identityFile")) || (key0 === "jump")) || (key0 === "become"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.host !== undefined){
let data0 = data.host;
if(typeof data0 === "string"){
if(!pattern11.test(data0)){
const err1 = {instancePath:instancePath+"/host",schemaPath:"#/definitions/sshDestination/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,254}$"},message:"must match pattern \""+"^[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,254}$"+"\"",schema:"^[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,254}$",parentSchema:schema28,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
else {
const err2 = {instancePath:instancePath+"/host",schemaPath:"#/definitions/sshDestination/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema28.type,parentSchema:schema28,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.port !== undefined){
let data1 = data.port;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
const err3 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/sshPort/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema14.type,parentSchema:schema14,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 65535 || isNaN(data1)){
const err4 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/sshPort/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema14,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data1 < 1 || isNaN(data1)){
const err5 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/sshPort/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema14,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
if(data.user !== undefined){
let data2 = data.user;
if(typeof data2 === "string"){
if(!pattern2.test(data2)){
const err6 = {instancePath:instancePath+"/user",schemaPath:"#/definitions/sshUser/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$"},message:"must match pattern \""+"^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$"+"\"",schema:"^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$",parentSchema:schema15,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/user",schemaPath:"#/definitions/sshUser/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema15.type,parentSchema:schema15,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.identityFile !== undefined){
let data3 = data.identityFile;
if(typeof data3 === "string"){
if(!pattern3.test(data3)){
const err8 = {instancePath:instancePath+"/identityFile",schemaPath:"#/definitions/identityFile/pattern",keyword:"pattern",params:{pattern: "^[^\\x00-\\x1f\\x7f-][^\\x00-\\x1f\\x7f]{0,1023}$"},message:"must match pattern \""+"^[^\\x00-\\x1f\\x7f-][^\\x00-\\x1f\\x7f]{0,1023}$"+"\"",schema:"^[^\\x00-\\x1f\\x7f-][^\\x00-\\x1f\\x7f]{0,1023}$",parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/identityFile",schemaPath:"#/definitions/identityFile/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema16.type,parentSchema:schema16,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.jump !== undefined){
let data4 = data.jump;
if(typeof data4 === "string"){
if(data4.length > 1024){
const err10 = {instancePath:instancePath+"/jump",schemaPath:"#/definitions/jump/maxLength",keyword:"maxLength",params:{limit: 1024},message:"must NOT have more than 1024 characters",schema:1024,parentSchema:schema17,data:data4};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(!pattern4.test(data4)){
const err11 = {instancePath:instancePath+"/jump",schemaPath:"#/definitions/jump/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?(,([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?){0,7}$"},message:"must match pattern \""+"^([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?(,([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?){0,7}$"+"\"",schema:"^([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?(,([A-Za-z0-9_][A-Za-z0-9_.-]{0,63}@)?([A-Za-z0-9_][A-Za-z0-9_.-]{0,254}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?){0,7}$",parentSchema:schema17,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/jump",schemaPath:"#/definitions/jump/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema17.type,parentSchema:schema17,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.become !== undefined){
let data5 = data.become;
if(typeof data5 !== "string"){
const err13 = {instancePath:instancePath+"/become",schemaPath:"#/definitions/become/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema18.type,parentSchema:schema18,data:data5};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(!(data5 === "sudo")){
const err14 = {instancePath:instancePath+"/become",schemaPath:"#/definitions/become/enum",keyword:"enum",params:{allowedValues: schema18.enum},message:"must be equal to one of the allowed values",schema:schema18.enum,parentSchema:schema18,data:data5};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
else {
const err15 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema29.type,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
validate16.errors = vErrors;
return errors === 0;
}

const schema37 = {"title":"Interface addresses","description":"The address with its prefix length, or a list of them.","oneOf":[{"$ref":"#/definitions/interfaceAddress"},{"type":"array","items":{"$ref":"#/definitions/interfaceAddress"},"minItems":1,"maxItems":256}],"examples":["172.16.20.10/24",["172.16.10.1/24","172.16.20.1/24"]]};
const schema38 = {"title":"Interface address","description":"The host's own address with the prefix length of its subnet. Octets have no leading zeros, which some programs read as octal.","type":"string","pattern":"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$","examples":["172.16.20.10/24","2001:db8:10::5/64"]};

function validate18(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(typeof data === "string"){
if(!pattern6.test(data)){
const err0 = {instancePath,schemaPath:"#/definitions/interfaceAddress/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$",parentSchema:schema38,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/definitions/interfaceAddress/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema38.type,parentSchema:schema38,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs4 = errors;
if(Array.isArray(data)){
if(data.length > 256){
const err2 = {instancePath,schemaPath:"#/oneOf/1/maxItems",keyword:"maxItems",params:{limit: 256},message:"must NOT have more than 256 items",schema:256,parentSchema:schema37.oneOf[1],data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.length < 1){
const err3 = {instancePath,schemaPath:"#/oneOf/1/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema37.oneOf[1],data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(typeof data0 === "string"){
if(!pattern6.test(data0)){
const err4 = {instancePath:instancePath+"/" + i0,schemaPath:"#/definitions/interfaceAddress/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])/([1-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}/(12[0-8]|1[01][0-9]|[1-9][0-9]?))$",parentSchema:schema38,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/" + i0,schemaPath:"#/definitions/interfaceAddress/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema38.type,parentSchema:schema38,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
else {
const err6 = {instancePath,schemaPath:"#/oneOf/1/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema37.oneOf[1].type,parentSchema:schema37.oneOf[1],data};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
var _valid0 = _errs4 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
const err7 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema37.oneOf,parentSchema:schema37,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate18.errors = vErrors;
return errors === 0;
}

const schema42 = {"title":"Route","description":"Where packets for a network go: to a router (`via`), or to hosts that are neighbours themselves (`device`).","type":"object","additionalProperties":false,"required":["to"],"properties":{"to":{"title":"Destination","description":"The address or network that the route leads to.","allOf":[{"$ref":"#/definitions/target"}],"examples":["100.222.111.1/32"]},"via":{"title":"Next hop","description":"The address of the router, in one of the host's own subnets, or reached by a route with `device`; a link-local one has its interface after a `%`.","allOf":[{"$ref":"#/definitions/nextHop"}],"examples":["1.65.15.141"]},"device":{"title":"Interface","description":"In place of `via`: the interface on which the network's hosts are, without a router between (an on-link route).","allOf":[{"$ref":"#/definitions/anyInterfaceName"}],"examples":["eth0"]}},"examples":[{"to":"100.222.111.1/32","via":"1.65.15.141"},{"to":"2001:db8:1::/64","device":"eth0"}]};
const schema43 = {"title":"Address or network","description":"One address, or a subnet with its prefix length. Octets have no leading zeros, which some programs read as octal.","type":"string","pattern":"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(/([12]?[0-9]|3[0-2]))?|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$","examples":["100.222.111.1/32","172.16.11.0/24"]};
const pattern21 = new RegExp("^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(/([12]?[0-9]|3[0-2]))?|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.to === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "to"},message:"must have required property '"+"to"+"'",schema:schema42.required,parentSchema:schema42,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(((key0 === "to") || (key0 === "via")) || (key0 === "device"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema42,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.to !== undefined){
let data0 = data.to;
if(typeof data0 === "string"){
if(!pattern21.test(data0)){
const err2 = {instancePath:instancePath+"/to",schemaPath:"#/definitions/target/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(/([12]?[0-9]|3[0-2]))?|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(/([12]?[0-9]|3[0-2]))?|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(/([12]?[0-9]|3[0-2]))?|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$",parentSchema:schema43,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/to",schemaPath:"#/definitions/target/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema43.type,parentSchema:schema43,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.via !== undefined){
let data1 = data.via;
if(typeof data1 === "string"){
if(!pattern19.test(data1)){
const err4 = {instancePath:instancePath+"/via",schemaPath:"#/definitions/nextHop/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(%[^\\s/:%]{1,15})?)$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(%[^\\s/:%]{1,15})?)$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(%[^\\s/:%]{1,15})?)$",parentSchema:schema40,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/via",schemaPath:"#/definitions/nextHop/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema40.type,parentSchema:schema40,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.device !== undefined){
let data2 = data.device;
if(typeof data2 === "string"){
if(!pattern16.test(data2)){
const err6 = {instancePath:instancePath+"/device",schemaPath:"#/definitions/anyInterfaceName/pattern",keyword:"pattern",params:{pattern: "^[^\\s:\\x00-\\x1f\\x7f-\\x9f]([^:\\x00-\\x1f\\x7f-\\x9f]{0,253}[^\\s:\\x00-\\x1f\\x7f-\\x9f])?$"},message:"must match pattern \""+"^[^\\s:\\x00-\\x1f\\x7f-\\x9f]([^:\\x00-\\x1f\\x7f-\\x9f]{0,253}[^\\s:\\x00-\\x1f\\x7f-\\x9f])?$"+"\"",schema:"^[^\\s:\\x00-\\x1f\\x7f-\\x9f]([^:\\x00-\\x1f\\x7f-\\x9f]{0,253}[^\\s:\\x00-\\x1f\\x7f-\\x9f])?$",parentSchema:schema36,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/device",schemaPath:"#/definitions/anyInterfaceName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema36.type,parentSchema:schema36,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
else {
const err8 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema42.type,parentSchema:schema42,data};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}


function validate15(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs1 = errors;
let valid0 = true;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.managed === undefined) && (missing0 = "managed")){
const err0 = {};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(data.managed !== undefined){
const _errs3 = errors;
if(false !== data.managed){
const err1 = {};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
var valid1 = _errs3 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.role !== undefined){
const _errs4 = errors;
const _errs5 = errors;
const _errs6 = errors;
if("director" !== data.role){
const err2 = {};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
var valid2 = _errs6 === errors;
if(valid2){
const err3 = {};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
else {
errors = _errs5;
if(vErrors !== null){
if(_errs5){
vErrors.length = _errs5;
}
else {
vErrors = null;
}
}
}
var valid1 = _errs4 === errors;
}
else {
var valid1 = true;
}
if(valid1){
if(data.roles !== undefined){
let data2 = data.roles;
const _errs7 = errors;
const _errs8 = errors;
const _errs9 = errors;
if(errors === _errs9){
if(Array.isArray(data2)){
const _errs11 = errors;
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
const _errs12 = errors;
if("director" !== data2[i0]){
const err4 = {};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
var valid4 = _errs12 === errors;
if(valid4){
break;
}
}
if(!valid4){
const err5 = {};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
else {
errors = _errs11;
if(vErrors !== null){
if(_errs11){
vErrors.length = _errs11;
}
else {
vErrors = null;
}
}
}
}
else {
const err6 = {};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
var valid3 = _errs9 === errors;
if(valid3){
const err7 = {};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
else {
errors = _errs8;
if(vErrors !== null){
if(_errs8){
vErrors.length = _errs8;
}
else {
vErrors = null;
}
}
}
var valid1 = _errs7 === errors;
}
else {
var valid1 = true;
}
}
}
}
}
var _valid0 = _errs2 === errors;
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
if(!_valid0){
const _errs13 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.interfaces !== undefined){
let data4 = data.interfaces;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key0 in data4){
const _errs15 = errors;
if(typeof key0 === "string"){
if(!pattern9.test(key0)){
const err8 = {instancePath:instancePath+"/interfaces",schemaPath:"#/definitions/interfaceName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$"},message:"must match pattern \""+"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$"+"\"",schema:"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$",parentSchema:schema25,data:key0,propertyName:key0};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/interfaces",schemaPath:"#/definitions/interfaceName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema25.type,parentSchema:schema25,data:key0,propertyName:key0};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
var valid6 = _errs15 === errors;
if(!valid6){
const err10 = {instancePath:instancePath+"/interfaces",schemaPath:"#/else/properties/interfaces/propertyNames",keyword:"propertyNames",params:{propertyName: key0},message:"property name must be valid",schema:schema24.else.properties.interfaces.propertyNames,parentSchema:schema24.else.properties.interfaces,data:data4};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
}
if(data.routes !== undefined){
let data5 = data.routes;
if(Array.isArray(data5)){
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
let data6 = data5[i1];
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(data6.device !== undefined){
let data7 = data6.device;
if(typeof data7 === "string"){
if(!pattern9.test(data7)){
const err11 = {instancePath:instancePath+"/routes/" + i1+"/device",schemaPath:"#/definitions/interfaceName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$"},message:"must match pattern \""+"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$"+"\"",schema:"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$",parentSchema:schema25,data:data7};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/routes/" + i1+"/device",schemaPath:"#/definitions/interfaceName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema25.type,parentSchema:schema25,data:data7};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
}
}
}
}
var _valid0 = _errs13 === errors;
valid0 = _valid0;
}
if(!valid0){
const err13 = {instancePath,schemaPath:"#/if",keyword:"if",params:{failingKeyword: "else"},message:"must match \"else\" schema",schema:schema24.if,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.interfaces === undefined){
const err14 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "interfaces"},message:"must have required property '"+"interfaces"+"'",schema:schema24.required,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
for(const key1 in data){
if(!((((((((key1 === "role") || (key1 === "roles")) || (key1 === "ssh")) || (key1 === "managed")) || (key1 === "interfaces")) || (key1 === "gateway")) || (key1 === "routes")) || (key1 === "sysctls"))){
const err15 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.role !== undefined){
let data8 = data.role;
if(typeof data8 !== "string"){
const err16 = {instancePath:instancePath+"/role",schemaPath:"#/definitions/role/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema27.type,parentSchema:schema27,data:data8};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(!((((data8 === "firewall") || (data8 === "director")) || (data8 === "real-server")) || (data8 === "client"))){
const err17 = {instancePath:instancePath+"/role",schemaPath:"#/definitions/role/enum",keyword:"enum",params:{allowedValues: schema27.enum},message:"must be equal to one of the allowed values",schema:schema27.enum,parentSchema:schema27,data:data8};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.roles !== undefined){
let data9 = data.roles;
if(Array.isArray(data9)){
if(data9.length < 1){
const err18 = {instancePath:instancePath+"/roles",schemaPath:"#/properties/roles/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema24.properties.roles,data:data9};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
const len2 = data9.length;
for(let i2=0; i2<len2; i2++){
let data10 = data9[i2];
if(typeof data10 !== "string"){
const err19 = {instancePath:instancePath+"/roles/" + i2,schemaPath:"#/properties/roles/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema24.properties.roles.items.type,parentSchema:schema24.properties.roles.items,data:data10};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(!((((data10 === "firewall") || (data10 === "director")) || (data10 === "real-server")) || (data10 === "client"))){
const err20 = {instancePath:instancePath+"/roles/" + i2,schemaPath:"#/properties/roles/items/enum",keyword:"enum",params:{allowedValues: schema24.properties.roles.items.enum},message:"must be equal to one of the allowed values",schema:schema24.properties.roles.items.enum,parentSchema:schema24.properties.roles.items,data:data10};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
let i3 = data9.length;
let j0;
if(i3 > 1){
const indices0 = {};
for(;i3--;){
let item0 = data9[i3];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err21 = {instancePath:instancePath+"/roles",schemaPath:"#/properties/roles/uniqueItems",keyword:"uniqueItems",params:{i: i3, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i3+" are identical)",schema:true,parentSchema:schema24.properties.roles,data:data9};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
break;
}
indices0[item0] = i3;
}
}
}
else {
const err22 = {instancePath:instancePath+"/roles",schemaPath:"#/properties/roles/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema24.properties.roles.type,parentSchema:schema24.properties.roles,data:data9};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.ssh !== undefined){
let data11 = data.ssh;
const _errs33 = errors;
let valid18 = false;
let passing0 = null;
const _errs34 = errors;
if(typeof data11 === "string"){
if(!pattern11.test(data11)){
const err23 = {instancePath:instancePath+"/ssh",schemaPath:"#/definitions/sshDestination/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,254}$"},message:"must match pattern \""+"^[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,254}$"+"\"",schema:"^[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,254}$",parentSchema:schema28,data:data11};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
else {
const err24 = {instancePath:instancePath+"/ssh",schemaPath:"#/definitions/sshDestination/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema28.type,parentSchema:schema28,data:data11};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
var _valid1 = _errs34 === errors;
if(_valid1){
valid18 = true;
passing0 = 0;
}
const _errs37 = errors;
if(!(validate16(data11, {instancePath:instancePath+"/ssh",parentData:data,parentDataProperty:"ssh",rootData}))){
vErrors = vErrors === null ? validate16.errors : vErrors.concat(validate16.errors);
errors = vErrors.length;
}
var _valid1 = _errs37 === errors;
if(_valid1 && valid18){
valid18 = false;
passing0 = [passing0, 1];
}
else {
if(_valid1){
valid18 = true;
passing0 = 1;
}
}
if(!valid18){
const err25 = {instancePath:instancePath+"/ssh",schemaPath:"#/properties/ssh/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema24.properties.ssh.oneOf,parentSchema:schema24.properties.ssh,data:data11};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
else {
errors = _errs33;
if(vErrors !== null){
if(_errs33){
vErrors.length = _errs33;
}
else {
vErrors = null;
}
}
}
}
if(data.managed !== undefined){
let data12 = data.managed;
if(typeof data12 !== "boolean"){
const err26 = {instancePath:instancePath+"/managed",schemaPath:"#/properties/managed/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema24.properties.managed.type,parentSchema:schema24.properties.managed,data:data12};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data.interfaces !== undefined){
let data13 = data.interfaces;
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(Object.keys(data13).length > 64){
const err27 = {instancePath:instancePath+"/interfaces",schemaPath:"#/properties/interfaces/maxProperties",keyword:"maxProperties",params:{limit: 64},message:"must NOT have more than 64 properties",schema:64,parentSchema:schema24.properties.interfaces,data:data13};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(Object.keys(data13).length < 1){
const err28 = {instancePath:instancePath+"/interfaces",schemaPath:"#/properties/interfaces/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema24.properties.interfaces,data:data13};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
for(const key2 in data13){
const _errs42 = errors;
if(typeof key2 === "string"){
if(!pattern16.test(key2)){
const err29 = {instancePath:instancePath+"/interfaces",schemaPath:"#/definitions/anyInterfaceName/pattern",keyword:"pattern",params:{pattern: "^[^\\s:\\x00-\\x1f\\x7f-\\x9f]([^:\\x00-\\x1f\\x7f-\\x9f]{0,253}[^\\s:\\x00-\\x1f\\x7f-\\x9f])?$"},message:"must match pattern \""+"^[^\\s:\\x00-\\x1f\\x7f-\\x9f]([^:\\x00-\\x1f\\x7f-\\x9f]{0,253}[^\\s:\\x00-\\x1f\\x7f-\\x9f])?$"+"\"",schema:"^[^\\s:\\x00-\\x1f\\x7f-\\x9f]([^:\\x00-\\x1f\\x7f-\\x9f]{0,253}[^\\s:\\x00-\\x1f\\x7f-\\x9f])?$",parentSchema:schema36,data:key2,propertyName:key2};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
else {
const err30 = {instancePath:instancePath+"/interfaces",schemaPath:"#/definitions/anyInterfaceName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema36.type,parentSchema:schema36,data:key2,propertyName:key2};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
var valid20 = _errs42 === errors;
if(!valid20){
const err31 = {instancePath:instancePath+"/interfaces",schemaPath:"#/properties/interfaces/propertyNames",keyword:"propertyNames",params:{propertyName: key2},message:"property name must be valid",schema:schema24.properties.interfaces.propertyNames,parentSchema:schema24.properties.interfaces,data:data13};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
for(const key3 in data13){
if(!(validate18(data13[key3], {instancePath:instancePath+"/interfaces/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data13,parentDataProperty:key3,rootData}))){
vErrors = vErrors === null ? validate18.errors : vErrors.concat(validate18.errors);
errors = vErrors.length;
}
}
}
else {
const err32 = {instancePath:instancePath+"/interfaces",schemaPath:"#/properties/interfaces/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema24.properties.interfaces.type,parentSchema:schema24.properties.interfaces,data:data13};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
if(data.gateway !== undefined){
let data15 = data.gateway;
const _errs48 = errors;
let valid23 = false;
let passing1 = null;
const _errs49 = errors;
if(typeof data15 === "string"){
if(!pattern19.test(data15)){
const err33 = {instancePath:instancePath+"/gateway",schemaPath:"#/definitions/nextHop/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(%[^\\s/:%]{1,15})?)$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(%[^\\s/:%]{1,15})?)$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(%[^\\s/:%]{1,15})?)$",parentSchema:schema40,data:data15};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
else {
const err34 = {instancePath:instancePath+"/gateway",schemaPath:"#/definitions/nextHop/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema40.type,parentSchema:schema40,data:data15};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
var _valid2 = _errs49 === errors;
if(_valid2){
valid23 = true;
passing1 = 0;
}
const _errs52 = errors;
if(Array.isArray(data15)){
if(data15.length > 2){
const err35 = {instancePath:instancePath+"/gateway",schemaPath:"#/properties/gateway/oneOf/1/maxItems",keyword:"maxItems",params:{limit: 2},message:"must NOT have more than 2 items",schema:2,parentSchema:schema24.properties.gateway.oneOf[1],data:data15};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(data15.length < 1){
const err36 = {instancePath:instancePath+"/gateway",schemaPath:"#/properties/gateway/oneOf/1/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema24.properties.gateway.oneOf[1],data:data15};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
const len3 = data15.length;
for(let i4=0; i4<len3; i4++){
let data16 = data15[i4];
if(typeof data16 === "string"){
if(!pattern19.test(data16)){
const err37 = {instancePath:instancePath+"/gateway/" + i4,schemaPath:"#/definitions/nextHop/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(%[^\\s/:%]{1,15})?)$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(%[^\\s/:%]{1,15})?)$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(%[^\\s/:%]{1,15})?)$",parentSchema:schema40,data:data16};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
else {
const err38 = {instancePath:instancePath+"/gateway/" + i4,schemaPath:"#/definitions/nextHop/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema40.type,parentSchema:schema40,data:data16};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
}
else {
const err39 = {instancePath:instancePath+"/gateway",schemaPath:"#/properties/gateway/oneOf/1/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema24.properties.gateway.oneOf[1].type,parentSchema:schema24.properties.gateway.oneOf[1],data:data15};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
var _valid2 = _errs52 === errors;
if(_valid2 && valid23){
valid23 = false;
passing1 = [passing1, 1];
}
else {
if(_valid2){
valid23 = true;
passing1 = 1;
}
}
if(!valid23){
const err40 = {instancePath:instancePath+"/gateway",schemaPath:"#/properties/gateway/oneOf",keyword:"oneOf",params:{passingSchemas: passing1},message:"must match exactly one schema in oneOf",schema:schema24.properties.gateway.oneOf,parentSchema:schema24.properties.gateway,data:data15};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
else {
errors = _errs48;
if(vErrors !== null){
if(_errs48){
vErrors.length = _errs48;
}
else {
vErrors = null;
}
}
}
}
if(data.routes !== undefined){
let data17 = data.routes;
if(Array.isArray(data17)){
if(data17.length > 1024){
const err41 = {instancePath:instancePath+"/routes",schemaPath:"#/properties/routes/maxItems",keyword:"maxItems",params:{limit: 1024},message:"must NOT have more than 1024 items",schema:1024,parentSchema:schema24.properties.routes,data:data17};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
const len4 = data17.length;
for(let i5=0; i5<len4; i5++){
if(!(validate20(data17[i5], {instancePath:instancePath+"/routes/" + i5,parentData:data17,parentDataProperty:i5,rootData}))){
vErrors = vErrors === null ? validate20.errors : vErrors.concat(validate20.errors);
errors = vErrors.length;
}
}
}
else {
const err42 = {instancePath:instancePath+"/routes",schemaPath:"#/properties/routes/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema24.properties.routes.type,parentSchema:schema24.properties.routes,data:data17};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
if(data.sysctls !== undefined){
let data19 = data.sysctls;
if(data19 && typeof data19 == "object" && !Array.isArray(data19)){
if(Object.keys(data19).length > 256){
const err43 = {instancePath:instancePath+"/sysctls",schemaPath:"#/properties/sysctls/maxProperties",keyword:"maxProperties",params:{limit: 256},message:"must NOT have more than 256 properties",schema:256,parentSchema:schema24.properties.sysctls,data:data19};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
for(const key4 in data19){
const _errs62 = errors;
if(typeof key4 === "string"){
if(!pattern24.test(key4)){
const err44 = {instancePath:instancePath+"/sysctls",schemaPath:"#/definitions/sysctlKey/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9_]{0,31}([./][A-Za-z0-9_-]{1,63}){1,9}$"},message:"must match pattern \""+"^[a-z][a-z0-9_]{0,31}([./][A-Za-z0-9_-]{1,63}){1,9}$"+"\"",schema:"^[a-z][a-z0-9_]{0,31}([./][A-Za-z0-9_-]{1,63}){1,9}$",parentSchema:schema46,data:key4,propertyName:key4};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
else {
const err45 = {instancePath:instancePath+"/sysctls",schemaPath:"#/definitions/sysctlKey/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema46.type,parentSchema:schema46,data:key4,propertyName:key4};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
var valid30 = _errs62 === errors;
if(!valid30){
const err46 = {instancePath:instancePath+"/sysctls",schemaPath:"#/properties/sysctls/propertyNames",keyword:"propertyNames",params:{propertyName: key4},message:"property name must be valid",schema:schema24.properties.sysctls.propertyNames,parentSchema:schema24.properties.sysctls,data:data19};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
for(const key5 in data19){
let data20 = data19[key5];
const _errs68 = errors;
let valid34 = false;
let passing2 = null;
const _errs69 = errors;
if(!(((typeof data20 == "number") && (!(data20 % 1) && !isNaN(data20))) && (isFinite(data20)))){
const err47 = {instancePath:instancePath+"/sysctls/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/sysctlValue/oneOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema47.oneOf[0].type,parentSchema:schema47.oneOf[0],data:data20};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if((typeof data20 == "number") && (isFinite(data20))){
if(data20 > 9007199254740991 || isNaN(data20)){
const err48 = {instancePath:instancePath+"/sysctls/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/sysctlValue/oneOf/0/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991",schema:9007199254740991,parentSchema:schema47.oneOf[0],data:data20};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if(data20 < -9007199254740991 || isNaN(data20)){
const err49 = {instancePath:instancePath+"/sysctls/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/sysctlValue/oneOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: -9007199254740991},message:"must be >= -9007199254740991",schema:-9007199254740991,parentSchema:schema47.oneOf[0],data:data20};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
var _valid3 = _errs69 === errors;
if(_valid3){
valid34 = true;
passing2 = 0;
}
const _errs71 = errors;
if(typeof data20 === "string"){
if(!pattern25.test(data20)){
const err50 = {instancePath:instancePath+"/sysctls/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/sysctlValue/oneOf/1/pattern",keyword:"pattern",params:{pattern: "^[\\x20-\\x7e]{1,256}$"},message:"must match pattern \""+"^[\\x20-\\x7e]{1,256}$"+"\"",schema:"^[\\x20-\\x7e]{1,256}$",parentSchema:schema47.oneOf[1],data:data20};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
else {
const err51 = {instancePath:instancePath+"/sysctls/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/sysctlValue/oneOf/1/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema47.oneOf[1].type,parentSchema:schema47.oneOf[1],data:data20};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
var _valid3 = _errs71 === errors;
if(_valid3 && valid34){
valid34 = false;
passing2 = [passing2, 1];
}
else {
if(_valid3){
valid34 = true;
passing2 = 1;
}
}
if(!valid34){
const err52 = {instancePath:instancePath+"/sysctls/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/definitions/sysctlValue/oneOf",keyword:"oneOf",params:{passingSchemas: passing2},message:"must match exactly one schema in oneOf",schema:schema47.oneOf,parentSchema:schema47,data:data20};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
else {
errors = _errs68;
if(vErrors !== null){
if(_errs68){
vErrors.length = _errs68;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err53 = {instancePath:instancePath+"/sysctls",schemaPath:"#/properties/sysctls/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema24.properties.sysctls.type,parentSchema:schema24.properties.sysctls,data:data19};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
}
else {
const err54 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema24.type,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
validate15.errors = vErrors;
return errors === 0;
}

const schema49 = {"title":"Service","description":"One virtual service: an address and port (or a firewall mark), a mode, and the real servers behind it.","type":"object","additionalProperties":false,"required":["mode"],"properties":{"mode":{"title":"Mode","description":"How packets reach the real servers: `dr`, `nat`, `tun`, `fullnat`, or the path of a playbook of your own, beginning with `./`, `../` or `/`.","type":"string","examples":["dr","nat","tun","fullnat","./my-mode.yaml"]},"vip":{"title":"Virtual address","description":"The address that clients connect to: the address alone, or with the directors' interface and the prefix length. It is a free address that lvsctl adds, or the own address of a lone director in a mode in which real servers do not get it; that stays as it is.","oneOf":[{"$ref":"#/definitions/address"},{"$ref":"#/definitions/vip"}],"examples":["172.16.10.10",{"address":"172.16.10.10","interface":"eth0"}]},"vips":{"title":"Virtual addresses","description":"In place of `vip`, several of them for one service, each written in the same way.","type":"array","items":{"$ref":"#/definitions/vipEntry"},"minItems":1,"maxItems":64,"examples":[["172.16.10.10","172.16.10.11"]]},"port":{"title":"Port","description":"The port that clients connect to; 0 means every port and needs `persistence`.","type":"integer","minimum":0,"maximum":65535,"examples":[80]},"ports":{"title":"Ports","description":"In place of `port`, several ports and ranges for one service; real servers are asked on the same ones. With `persistence` a client has one real server on all of them. lvsctl uses a firewall mark of its own where the kernel needs one: for ranges, and for persistence.","type":"array","items":{"$ref":"#/definitions/ports"},"minItems":1,"maxItems":32,"examples":[[80,443,"8000-8099"]]},"protocol":{"title":"Protocol","description":"The transport protocol of the service.","allOf":[{"$ref":"#/definitions/protocol"}],"default":"tcp","examples":["tcp"]},"fwmark":{"title":"Firewall mark","description":"In place of `vip` and `port`: one service for every packet that `match` marks with this number.","type":"integer","minimum":1,"maximum":4294967295,"examples":[17]},"match":{"title":"Marked packets","description":"Which packets a firewall-mark service gets.","type":"array","items":{"$ref":"#/definitions/match"},"minItems":1,"maxItems":256,"examples":[[{"address":"172.16.11.0/24","protocol":"tcp","ports":[80,443]}]]},"scheduler":{"title":"Scheduler","description":"How the director chooses a real server.","type":"string","enum":["rr","wrr","lc","wlc","lblc","lblcr","dh","sh","mh","sed","nq","fo","ovf","twos"],"default":"wlc","examples":["rr"]},"schedulerFlags":{"title":"Scheduler flags","description":"For the schedulers sh and mh: hash the source port too (sh-port, mh-port), or choose another real server for one that is not available (sh-fallback, mh-fallback).","type":"array","items":{"title":"Scheduler flag","description":"The flag begins with the name of its scheduler.","type":"string","enum":["sh-port","sh-fallback","mh-port","mh-fallback"]},"minItems":1,"uniqueItems":true,"examples":[["sh-port","sh-fallback"]]},"persistence":{"title":"Persistence","description":"Sends a client's later connections to the real server of its first.","allOf":[{"$ref":"#/definitions/persistence"}],"examples":[{"timeout":360,"netmask":"255.255.255.0"}]},"helper":{"title":"Helper","description":"For a protocol whose connections belong together. `ftp`: data connections, active and passive, reach the real server of their control connection on port 21. Where the director rewrites packets, its kernel follows the protocol with the module ip_vs_ftp; in other modes `persistence` does it.","type":"string","enum":["ftp"],"examples":["ftp"]},"onePacket":{"title":"One-packet scheduling","description":"Schedules each UDP datagram by itself, without a connection entry.","type":"boolean","default":false,"examples":[true]},"arp":{"title":"ARP on real servers","description":"What keeps real servers that have the virtual address from answering ARP for it: the kernel settings arp_ignore and arp_announce, or arptables rules. Built-in modes: `dr`, `tun`.","type":"string","enum":["sysctl","arptables"],"default":"sysctl","examples":["arptables"]},"publish":{"title":"Publication","description":"Makes a firewall pass on what arrives at a public address of its own (DNAT).","allOf":[{"$ref":"#/definitions/publish"}],"examples":[{"on":"fw","address":"10.0.2.1"}]},"synproxy":{"title":"SYN proxy","description":"Lets a host answer TCP handshakes first and pass on only those that a client completes.","allOf":[{"$ref":"#/definitions/synproxy"}],"examples":[{"on":"fw","mss":1460,"windowScale":7}]},"tunnel":{"title":"Tunnel","description":"The header that the director puts around packets to the real servers. Built-in modes: `tun`.","allOf":[{"$ref":"#/definitions/tunnel"}],"examples":[{"type":"gue","port":6080}]},"mssClamp":{"title":"MSS clamp","description":"The largest TCP segment, in bytes, that real servers announce, so that a header around requests still fits: with packets of 1500 bytes and IP in IP 1440, or 1420 where the real server's address and the service's are of different families, or 1400 for IPv6 in IPv6; 4 less with GRE (8 with `checksum`), 12 less with GUE. Built-in modes: `tun`.","type":"integer","minimum":536,"maximum":65495,"examples":[1440]},"masquerade":{"title":"Masquerade","description":"The director puts its own address in place of the client's, so that replies come back through it whatever the real servers' gateway is. Built-in modes: `nat`.","type":"boolean","default":false,"examples":[true]},"internet":{"title":"Internet access","description":"Lets the real servers reach other networks through the director, as a router for them with its own address as their source. They need it as their gateway. Built-in modes: `nat`.","type":"boolean","default":false,"examples":[true]},"log":{"title":"Log prefix","description":"Logs new connections to the kernel log of the director, each line beginning with this text: at most 29 printable ASCII characters.","type":"string","pattern":"^[\\x20-\\x7e]{1,29}$","examples":["[lvs web] "]},"localAddresses":{"title":"Local addresses","description":"The director's addresses (LIPs) that real servers see in place of the client's. Built-in modes: `fullnat`.","type":"array","items":{"$ref":"#/definitions/address"},"minItems":1,"maxItems":256,"examples":[["172.16.10.201","172.16.10.202"]]},"testPage":{"title":"Test page","description":"Runs a small server on each real server that lvsctl logs in to, which answers with the host's name: a web server for TCP, and a responder for UDP and SCTP.","type":"boolean","default":false,"examples":[true]},"verify":{"title":"Test","description":"How `lvsctl verify` tests the service: a type alone, or with settings. Default: the test page, where there is one; else by the port: HTTP on 80, 8080 and the like, HTTPS on 443 and 8443, DNS on 53, SIP on UDP port 5060, a datagram for other UDP ports, and for every other TCP port a few connections that say nothing; with `helper: ftp` the server has to greet.","oneOf":[{"$ref":"#/definitions/testType"},{"$ref":"#/definitions/serviceTest"}],"examples":["tcp",{"type":"https","host":"shop.example.net","path":"/health","expect":200}]},"realServers":{"title":"Real servers","description":"A list of hosts, or a map with settings for each. A list can hold settings too, as entries with `host`, and then a host can stand there several times. `[]` if there are none yet. Default: every host with the role real-server.","oneOf":[{"type":"array","items":{"oneOf":[{"$ref":"#/definitions/hostName"},{"$ref":"#/definitions/realServerEntry"}]},"maxItems":20000},{"type":"object","propertyNames":{"$ref":"#/definitions/hostName"},"additionalProperties":{"$ref":"#/definitions/realServer"},"maxProperties":20000}],"examples":[["rs1","rs2"],{"rs1":{"weight":3},"rs2":{"weight":1}},[{"host":"rs1","port":8001},{"host":"rs1","port":8002}]]}},"examples":[{"mode":"dr","vip":"172.16.10.10","port":80,"scheduler":"rr"}]};
const schema50 = {"title":"IP address","description":"IPv4 or IPv6 without a prefix length. Octets have no leading zeros, which some programs read as octal.","type":"string","pattern":"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$","examples":["172.16.10.10","2001:db8:10::10"]};
const schema56 = {"title":"Port or range of ports","description":"A port from 1 to 65535, or a range such as 8000-8099.","oneOf":[{"description":"Ports go from 1 to 65535.","type":"integer","minimum":1,"maximum":65535,"examples":[80]},{"title":"Range of ports","description":"Two ports with a hyphen between them.","type":"string","pattern":"^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$","examples":["8000-8099"]}],"examples":[80,"8000-8099"]};
const schema57 = {"title":"Protocol","description":"A transport protocol that IPVS knows.","type":"string","enum":["tcp","udp","sctp"],"examples":["tcp"]};
const schema63 = {"title":"Persistence","description":"Timeout and client netmask of sticky sessions.","type":"object","additionalProperties":false,"properties":{"timeout":{"title":"Timeout","description":"Seconds after a client's last connection until it may get another real server; at most 31 days.","type":"integer","minimum":1,"maximum":2678400,"default":300,"examples":[360]},"netmask":{"title":"Netmask","description":"Clients that are equal under this mask count as one: a netmask for IPv4, where 0.0.0.0 makes one of all, or a prefix length for IPv6. Default: each client by itself.","oneOf":[{"description":"A prefix length goes from 1 to 128.","type":"integer","minimum":1,"maximum":128,"examples":[64]},{"title":"Netmask","description":"A netmask has its ones on the left.","type":"string","pattern":"^((0\\.0\\.0\\.0)|((128|192|224|240|248|252|254)\\.0\\.0\\.0)|(255\\.(0|128|192|224|240|248|252|254)\\.0\\.0)|(255\\.255\\.(0|128|192|224|240|248|252|254)\\.0)|(255\\.255\\.255\\.(0|128|192|224|240|248|252|254|255)))$","examples":["255.255.255.0"]}],"examples":["255.255.255.0",64]},"engine":{"title":"Persistence engine","description":"What has to be equal besides the client. `sip`: the Call-ID of SIP over UDP, so that a call stays with its real server and the calls of one client are spread. Packets without a Call-ID are dropped.","type":"string","enum":["sip"],"examples":["sip"]}},"examples":[{"timeout":360}]};
const schema70 = {"title":"Tunnel","description":"The encapsulation between director and real servers.","type":"object","additionalProperties":false,"properties":{"type":{"title":"Encapsulation","description":"IP in IP, or the same in UDP (gue) or in GRE, which get through where plain IP in IP does not.","type":"string","enum":["ipip","gue","gre"],"default":"ipip","examples":["gue"]},"port":{"title":"UDP port","description":"For gue: the UDP port on the real servers.","type":"integer","minimum":1,"maximum":65535,"examples":[6080]},"checksum":{"title":"Checksum","description":"For gue: whether the encapsulation has a checksum.","type":"boolean","default":false,"examples":[false]}},"examples":[{"type":"gue","port":6080,"checksum":false}]};
const schema72 = {"title":"Type of test","description":"What verify sends: requests by `http` or `https`, connections that say nothing (`tcp`), datagrams (`udp`), associations (`sctp`), questions to a name server (`dns`), OPTIONS requests to a SIP server (`sip`), or nothing (`none`).","type":"string","enum":["http","https","tcp","udp","sctp","dns","sip","none"],"examples":["tcp"]};
const pattern27 = new RegExp("^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$", "u");
const pattern31 = new RegExp("^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$", "u");
const pattern35 = new RegExp("^((0\\.0\\.0\\.0)|((128|192|224|240|248|252|254)\\.0\\.0\\.0)|(255\\.(0|128|192|224|240|248|252|254)\\.0\\.0)|(255\\.255\\.(0|128|192|224|240|248|252|254)\\.0)|(255\\.255\\.255\\.(0|128|192|224|240|248|252|254|255)))$", "u");
const pattern40 = new RegExp("^[\\x20-\\x7e]{1,29}$", "u");
const schema51 = {"title":"Virtual address","description":"The address that clients connect to.","type":"object","additionalProperties":false,"required":["address"],"properties":{"address":{"title":"Address","description":"The address that clients connect to.","allOf":[{"$ref":"#/definitions/address"}],"examples":["172.16.10.10"]},"interface":{"title":"Interface","description":"The directors' interface that carries the address. Default: the one on the address's subnet.","allOf":[{"$ref":"#/definitions/interfaceName"}],"examples":["eth0"]},"prefix":{"title":"Prefix length","description":"The prefix length on the directors. Default: 32 for IPv4, 128 for IPv6. Real servers always get the whole length.","type":"integer","minimum":1,"maximum":128,"examples":[32]}},"examples":[{"address":"172.16.10.10","interface":"eth0"}]};

function validate24(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.address === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "address"},message:"must have required property '"+"address"+"'",schema:schema51.required,parentSchema:schema51,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(((key0 === "address") || (key0 === "interface")) || (key0 === "prefix"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema51,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.address !== undefined){
let data0 = data.address;
if(typeof data0 === "string"){
if(!pattern27.test(data0)){
const err2 = {instancePath:instancePath+"/address",schemaPath:"#/definitions/address/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$",parentSchema:schema50,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/address",schemaPath:"#/definitions/address/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema50.type,parentSchema:schema50,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.interface !== undefined){
let data1 = data.interface;
if(typeof data1 === "string"){
if(!pattern9.test(data1)){
const err4 = {instancePath:instancePath+"/interface",schemaPath:"#/definitions/interfaceName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$"},message:"must match pattern \""+"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$"+"\"",schema:"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$",parentSchema:schema25,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/interface",schemaPath:"#/definitions/interfaceName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema25.type,parentSchema:schema25,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.prefix !== undefined){
let data2 = data.prefix;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
const err6 = {instancePath:instancePath+"/prefix",schemaPath:"#/properties/prefix/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema51.properties.prefix.type,parentSchema:schema51.properties.prefix,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 128 || isNaN(data2)){
const err7 = {instancePath:instancePath+"/prefix",schemaPath:"#/properties/prefix/maximum",keyword:"maximum",params:{comparison: "<=", limit: 128},message:"must be <= 128",schema:128,parentSchema:schema51.properties.prefix,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data2 < 1 || isNaN(data2)){
const err8 = {instancePath:instancePath+"/prefix",schemaPath:"#/properties/prefix/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema51.properties.prefix,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
}
else {
const err9 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema51.type,parentSchema:schema51,data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
validate24.errors = vErrors;
return errors === 0;
}

const schema54 = {"title":"Virtual address","description":"The address alone, or with the directors' interface and the prefix length.","oneOf":[{"$ref":"#/definitions/address"},{"$ref":"#/definitions/vip"}],"examples":["172.16.10.10",{"address":"172.16.10.10","interface":"eth0"}]};

function validate26(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(typeof data === "string"){
if(!pattern27.test(data)){
const err0 = {instancePath,schemaPath:"#/definitions/address/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$",parentSchema:schema50,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/definitions/address/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema50.type,parentSchema:schema50,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs4 = errors;
if(!(validate24(data, {instancePath,parentData,parentDataProperty,rootData}))){
vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
errors = vErrors.length;
}
var _valid0 = _errs4 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
const err2 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema54.oneOf,parentSchema:schema54,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate26.errors = vErrors;
return errors === 0;
}

const schema58 = {"title":"Match","description":"Packets to an address or network, by protocol and port.","type":"object","additionalProperties":false,"required":["address"],"properties":{"address":{"title":"Destination","description":"The address or network that packets go to.","allOf":[{"$ref":"#/definitions/target"}],"examples":["172.16.11.0/24"]},"protocol":{"title":"Protocol","description":"The transport protocol of the packets.","allOf":[{"$ref":"#/definitions/protocol"}],"default":"tcp","examples":["tcp"]},"ports":{"title":"Ports","description":"Ports and ranges of ports. Default: every port.","type":"array","items":{"$ref":"#/definitions/ports"},"minItems":1,"maxItems":15,"examples":[[80,443,"8000-8099"]]},"interface":{"title":"Interface","description":"The directors' interface that gets a single address. Default: one in its network.","allOf":[{"$ref":"#/definitions/interfaceName"}],"examples":["eth0"]}},"examples":[{"address":"172.16.11.0/24","protocol":"tcp","ports":[80,443]}]};

function validate29(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.address === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "address"},message:"must have required property '"+"address"+"'",schema:schema58.required,parentSchema:schema58,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((((key0 === "address") || (key0 === "protocol")) || (key0 === "ports")) || (key0 === "interface"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema58,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.address !== undefined){
let data0 = data.address;
if(typeof data0 === "string"){
if(!pattern21.test(data0)){
const err2 = {instancePath:instancePath+"/address",schemaPath:"#/definitions/target/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(/([12]?[0-9]|3[0-2]))?|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(/([12]?[0-9]|3[0-2]))?|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(/([12]?[0-9]|3[0-2]))?|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40}(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$",parentSchema:schema43,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/address",schemaPath:"#/definitions/target/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema43.type,parentSchema:schema43,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.protocol !== undefined){
let data1 = data.protocol;
if(typeof data1 !== "string"){
const err4 = {instancePath:instancePath+"/protocol",schemaPath:"#/definitions/protocol/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema57.type,parentSchema:schema57,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(!(((data1 === "tcp") || (data1 === "udp")) || (data1 === "sctp"))){
const err5 = {instancePath:instancePath+"/protocol",schemaPath:"#/definitions/protocol/enum",keyword:"enum",params:{allowedValues: schema57.enum},message:"must be equal to one of the allowed values",schema:schema57.enum,parentSchema:schema57,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.ports !== undefined){
let data2 = data.ports;
if(Array.isArray(data2)){
if(data2.length > 15){
const err6 = {instancePath:instancePath+"/ports",schemaPath:"#/properties/ports/maxItems",keyword:"maxItems",params:{limit: 15},message:"must NOT have more than 15 items",schema:15,parentSchema:schema58.properties.ports,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data2.length < 1){
const err7 = {instancePath:instancePath+"/ports",schemaPath:"#/properties/ports/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema58.properties.ports,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
const _errs14 = errors;
let valid8 = false;
let passing0 = null;
const _errs15 = errors;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
const err8 = {instancePath:instancePath+"/ports/" + i0,schemaPath:"#/definitions/ports/oneOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema56.oneOf[0].type,parentSchema:schema56.oneOf[0],data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 65535 || isNaN(data3)){
const err9 = {instancePath:instancePath+"/ports/" + i0,schemaPath:"#/definitions/ports/oneOf/0/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema56.oneOf[0],data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data3 < 1 || isNaN(data3)){
const err10 = {instancePath:instancePath+"/ports/" + i0,schemaPath:"#/definitions/ports/oneOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema56.oneOf[0],data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
var _valid0 = _errs15 === errors;
if(_valid0){
valid8 = true;
passing0 = 0;
}
const _errs17 = errors;
if(typeof data3 === "string"){
if(!pattern31.test(data3)){
const err11 = {instancePath:instancePath+"/ports/" + i0,schemaPath:"#/definitions/ports/oneOf/1/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$"},message:"must match pattern \""+"^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$"+"\"",schema:"^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$",parentSchema:schema56.oneOf[1],data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/ports/" + i0,schemaPath:"#/definitions/ports/oneOf/1/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema56.oneOf[1].type,parentSchema:schema56.oneOf[1],data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
var _valid0 = _errs17 === errors;
if(_valid0 && valid8){
valid8 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid8 = true;
passing0 = 1;
}
}
if(!valid8){
const err13 = {instancePath:instancePath+"/ports/" + i0,schemaPath:"#/definitions/ports/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema56.oneOf,parentSchema:schema56,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
else {
errors = _errs14;
if(vErrors !== null){
if(_errs14){
vErrors.length = _errs14;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err14 = {instancePath:instancePath+"/ports",schemaPath:"#/properties/ports/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema58.properties.ports.type,parentSchema:schema58.properties.ports,data:data2};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.interface !== undefined){
let data4 = data.interface;
if(typeof data4 === "string"){
if(!pattern9.test(data4)){
const err15 = {instancePath:instancePath+"/interface",schemaPath:"#/definitions/interfaceName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$"},message:"must match pattern \""+"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$"+"\"",schema:"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$",parentSchema:schema25,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
else {
const err16 = {instancePath:instancePath+"/interface",schemaPath:"#/definitions/interfaceName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema25.type,parentSchema:schema25,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema58.type,parentSchema:schema58,data};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
validate29.errors = vErrors;
return errors === 0;
}

const schema64 = {"title":"Publication","description":"A public address and port on a firewall.","type":"object","additionalProperties":false,"required":["on","address"],"properties":{"on":{"title":"Firewall","description":"The host that has the public address; its role is firewall.","allOf":[{"$ref":"#/definitions/hostName"}],"examples":["fw"]},"address":{"title":"Public address","description":"The address on the firewall that clients connect to, or a list of several. With `vips` the first one leads to the first of them, and so on.","oneOf":[{"$ref":"#/definitions/address"},{"type":"array","items":{"$ref":"#/definitions/address"},"minItems":1,"maxItems":64}],"examples":["10.0.2.1",["10.0.2.1","10.0.2.2"]]},"port":{"title":"Public port","description":"The port that clients connect to. Default: the service's port, or all of its `ports`.","type":"integer","minimum":1,"maximum":65535,"examples":[443]},"hairpin":{"title":"Hairpin","description":"Lets hosts behind the firewall use the public address too; real servers then see the firewall's address for them.","type":"boolean","default":false,"examples":[true]}},"examples":[{"on":"fw","address":"10.0.2.1"}]};

function validate31(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.on === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "on"},message:"must have required property '"+"on"+"'",schema:schema64.required,parentSchema:schema64,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.address === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "address"},message:"must have required property '"+"address"+"'",schema:schema64.required,parentSchema:schema64,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!((((key0 === "on") || (key0 === "address")) || (key0 === "port")) || (key0 === "hairpin"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema64,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.on !== undefined){
let data0 = data.on;
if(typeof data0 === "string"){
if(data0.length > 253){
const err3 = {instancePath:instancePath+"/on",schemaPath:"#/definitions/hostName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema23,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(!pattern8.test(data0)){
const err4 = {instancePath:instancePath+"/on",schemaPath:"#/definitions/hostName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$"+"\"",schema:"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$",parentSchema:schema23,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/on",schemaPath:"#/definitions/hostName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema23.type,parentSchema:schema23,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.address !== undefined){
let data1 = data.address;
const _errs7 = errors;
let valid3 = false;
let passing0 = null;
const _errs8 = errors;
if(typeof data1 === "string"){
if(!pattern27.test(data1)){
const err6 = {instancePath:instancePath+"/address",schemaPath:"#/definitions/address/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$",parentSchema:schema50,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/address",schemaPath:"#/definitions/address/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema50.type,parentSchema:schema50,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
var _valid0 = _errs8 === errors;
if(_valid0){
valid3 = true;
passing0 = 0;
}
const _errs11 = errors;
if(Array.isArray(data1)){
if(data1.length > 64){
const err8 = {instancePath:instancePath+"/address",schemaPath:"#/properties/address/oneOf/1/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema64.properties.address.oneOf[1],data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data1.length < 1){
const err9 = {instancePath:instancePath+"/address",schemaPath:"#/properties/address/oneOf/1/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema64.properties.address.oneOf[1],data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
if(typeof data2 === "string"){
if(!pattern27.test(data2)){
const err10 = {instancePath:instancePath+"/address/" + i0,schemaPath:"#/definitions/address/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$",parentSchema:schema50,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/address/" + i0,schemaPath:"#/definitions/address/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema50.type,parentSchema:schema50,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath:instancePath+"/address",schemaPath:"#/properties/address/oneOf/1/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema64.properties.address.oneOf[1].type,parentSchema:schema64.properties.address.oneOf[1],data:data1};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
var _valid0 = _errs11 === errors;
if(_valid0 && valid3){
valid3 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid3 = true;
passing0 = 1;
}
}
if(!valid3){
const err13 = {instancePath:instancePath+"/address",schemaPath:"#/properties/address/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema64.properties.address.oneOf,parentSchema:schema64.properties.address,data:data1};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
else {
errors = _errs7;
if(vErrors !== null){
if(_errs7){
vErrors.length = _errs7;
}
else {
vErrors = null;
}
}
}
}
if(data.port !== undefined){
let data3 = data.port;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
const err14 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema64.properties.port.type,parentSchema:schema64.properties.port,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 65535 || isNaN(data3)){
const err15 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema64.properties.port,data:data3};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data3 < 1 || isNaN(data3)){
const err16 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema64.properties.port,data:data3};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
if(data.hairpin !== undefined){
let data4 = data.hairpin;
if(typeof data4 !== "boolean"){
const err17 = {instancePath:instancePath+"/hairpin",schemaPath:"#/properties/hairpin/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema64.properties.hairpin.type,parentSchema:schema64.properties.hairpin,data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
else {
const err18 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema64.type,parentSchema:schema64,data};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
validate31.errors = vErrors;
return errors === 0;
}

const schema68 = {"title":"SYN proxy","description":"Which host answers handshakes, and with which TCP options. They have to be those of the real servers.","type":"object","additionalProperties":false,"required":["on"],"properties":{"on":{"title":"Host","description":"A firewall in front, or the director itself if replies pass it. Built-in modes in which they do: `nat`, `fullnat`.","allOf":[{"$ref":"#/definitions/hostName"}],"examples":["fw"]},"mss":{"title":"MSS","description":"The maximum segment size that the real servers announce, in bytes. Default: `mssClamp`, else 1460, or 1440 for IPv6.","type":"integer","minimum":536,"maximum":65495,"examples":[1460]},"windowScale":{"title":"Window scale","description":"The window scale that the real servers announce.","type":"integer","minimum":0,"maximum":14,"default":7,"examples":[7]}},"examples":[{"on":"fw","mss":1460,"windowScale":7}]};

function validate33(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.on === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "on"},message:"must have required property '"+"on"+"'",schema:schema68.required,parentSchema:schema68,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(((key0 === "on") || (key0 === "mss")) || (key0 === "windowScale"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema68,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.on !== undefined){
let data0 = data.on;
if(typeof data0 === "string"){
if(data0.length > 253){
const err2 = {instancePath:instancePath+"/on",schemaPath:"#/definitions/hostName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema23,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(!pattern8.test(data0)){
const err3 = {instancePath:instancePath+"/on",schemaPath:"#/definitions/hostName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$"+"\"",schema:"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$",parentSchema:schema23,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/on",schemaPath:"#/definitions/hostName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema23.type,parentSchema:schema23,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.mss !== undefined){
let data1 = data.mss;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
const err5 = {instancePath:instancePath+"/mss",schemaPath:"#/properties/mss/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema68.properties.mss.type,parentSchema:schema68.properties.mss,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 65495 || isNaN(data1)){
const err6 = {instancePath:instancePath+"/mss",schemaPath:"#/properties/mss/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65495},message:"must be <= 65495",schema:65495,parentSchema:schema68.properties.mss,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data1 < 536 || isNaN(data1)){
const err7 = {instancePath:instancePath+"/mss",schemaPath:"#/properties/mss/minimum",keyword:"minimum",params:{comparison: ">=", limit: 536},message:"must be >= 536",schema:536,parentSchema:schema68.properties.mss,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
if(data.windowScale !== undefined){
let data2 = data.windowScale;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
const err8 = {instancePath:instancePath+"/windowScale",schemaPath:"#/properties/windowScale/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema68.properties.windowScale.type,parentSchema:schema68.properties.windowScale,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 14 || isNaN(data2)){
const err9 = {instancePath:instancePath+"/windowScale",schemaPath:"#/properties/windowScale/maximum",keyword:"maximum",params:{comparison: "<=", limit: 14},message:"must be <= 14",schema:14,parentSchema:schema68.properties.windowScale,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data2 < 0 || isNaN(data2)){
const err10 = {instancePath:instancePath+"/windowScale",schemaPath:"#/properties/windowScale/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema68.properties.windowScale,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
}
else {
const err11 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema68.type,parentSchema:schema68,data};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
validate33.errors = vErrors;
return errors === 0;
}

const schema73 = {"title":"Test","description":"How verify tests one service, and what it has to answer.","type":"object","additionalProperties":false,"properties":{"type":{"title":"Type of test","description":"What verify sends. Default: by the port and the other settings.","allOf":[{"$ref":"#/definitions/testType"}],"examples":["https"]},"port":{"title":"Port","description":"Which of the service's ports to test, where it has several. Default: each port, and the first one of a range.","type":"integer","minimum":1,"maximum":65535,"examples":[8080]},"path":{"title":"Path","description":"For `http` and `https`: what to ask for.","type":"string","pattern":"^/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,1023}$","default":"/","examples":["/health"]},"host":{"title":"Host name","description":"For `http` and `https`: the site's name, in the Host header and for TLS. For `dns`: the name to ask for. No name server is asked about it.","type":"string","pattern":"^([A-Za-z0-9_-]{1,63}\\.){0,31}[A-Za-z0-9_-]{1,63}\\.?$","maxLength":254,"examples":["shop.example.net"]},"expect":{"title":"Expected answer","description":"A number is the status that `http`, `https` and `sip` have to answer with; a text has to be in the answer. For `tcp` that is what the service says first; for `dns` an address that the name has. Default: any answer.","oneOf":[{"description":"A status goes from 100 to 599.","type":"integer","minimum":100,"maximum":599,"examples":[200]},{"title":"Expected text","type":"string","pattern":"^[\\x20-\\x7e]{1,200}$","description":"At most 200 printable ASCII characters.","examples":["SSH-2.0"]}],"examples":[200,"SSH-2.0"]},"tls":{"title":"TLS","description":"For `https`: how the certificate is checked.","allOf":[{"$ref":"#/definitions/testTls"}],"examples":[{"verify":true,"ca":"/etc/ssl/our-ca.pem"}]}},"examples":[{"type":"https","host":"shop.example.net","path":"/health","expect":200}]};
const schema75 = {"title":"TLS","description":"How the certificate is checked.","type":"object","additionalProperties":false,"properties":{"verify":{"title":"Check the certificate","description":"Whether a certificate that is expired, for another name or by an unknown issuer fails the test. Default: only with `ca`.","type":"boolean","examples":[true]},"ca":{"title":"Issuer's certificate","description":"The path of a file on the host that sends the requests, with the certificates of the issuers to trust. Default: those of the host.","type":"string","pattern":"^/[A-Za-z0-9_./+-]{1,1023}$","examples":["/etc/ssl/our-ca.pem"]}},"examples":[{"verify":true}]};
const pattern42 = new RegExp("^/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,1023}$", "u");
const pattern43 = new RegExp("^([A-Za-z0-9_-]{1,63}\\.){0,31}[A-Za-z0-9_-]{1,63}\\.?$", "u");
const pattern44 = new RegExp("^[\\x20-\\x7e]{1,200}$", "u");
const pattern45 = new RegExp("^/[A-Za-z0-9_./+-]{1,1023}$", "u");

function validate35(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((key0 === "type") || (key0 === "port")) || (key0 === "path")) || (key0 === "host")) || (key0 === "expect")) || (key0 === "tls"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema73,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.type !== undefined){
let data0 = data.type;
if(typeof data0 !== "string"){
const err1 = {instancePath:instancePath+"/type",schemaPath:"#/definitions/testType/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema72.type,parentSchema:schema72,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(!((((((((data0 === "http") || (data0 === "https")) || (data0 === "tcp")) || (data0 === "udp")) || (data0 === "sctp")) || (data0 === "dns")) || (data0 === "sip")) || (data0 === "none"))){
const err2 = {instancePath:instancePath+"/type",schemaPath:"#/definitions/testType/enum",keyword:"enum",params:{allowedValues: schema72.enum},message:"must be equal to one of the allowed values",schema:schema72.enum,parentSchema:schema72,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.port !== undefined){
let data1 = data.port;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
const err3 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema73.properties.port.type,parentSchema:schema73.properties.port,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 65535 || isNaN(data1)){
const err4 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema73.properties.port,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data1 < 1 || isNaN(data1)){
const err5 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema73.properties.port,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
if(data.path !== undefined){
let data2 = data.path;
if(typeof data2 === "string"){
if(!pattern42.test(data2)){
const err6 = {instancePath:instancePath+"/path",schemaPath:"#/properties/path/pattern",keyword:"pattern",params:{pattern: "^/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,1023}$"},message:"must match pattern \""+"^/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,1023}$"+"\"",schema:"^/[A-Za-z0-9._~!$&'()*+,;=:@%/?-]{0,1023}$",parentSchema:schema73.properties.path,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/path",schemaPath:"#/properties/path/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema73.properties.path.type,parentSchema:schema73.properties.path,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.host !== undefined){
let data3 = data.host;
if(typeof data3 === "string"){
if(data3.length > 254){
const err8 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/maxLength",keyword:"maxLength",params:{limit: 254},message:"must NOT have more than 254 characters",schema:254,parentSchema:schema73.properties.host,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(!pattern43.test(data3)){
const err9 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/pattern",keyword:"pattern",params:{pattern: "^([A-Za-z0-9_-]{1,63}\\.){0,31}[A-Za-z0-9_-]{1,63}\\.?$"},message:"must match pattern \""+"^([A-Za-z0-9_-]{1,63}\\.){0,31}[A-Za-z0-9_-]{1,63}\\.?$"+"\"",schema:"^([A-Za-z0-9_-]{1,63}\\.){0,31}[A-Za-z0-9_-]{1,63}\\.?$",parentSchema:schema73.properties.host,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/host",schemaPath:"#/properties/host/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema73.properties.host.type,parentSchema:schema73.properties.host,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.expect !== undefined){
let data4 = data.expect;
const _errs13 = errors;
let valid3 = false;
let passing0 = null;
const _errs14 = errors;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
const err11 = {instancePath:instancePath+"/expect",schemaPath:"#/properties/expect/oneOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema73.properties.expect.oneOf[0].type,parentSchema:schema73.properties.expect.oneOf[0],data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 599 || isNaN(data4)){
const err12 = {instancePath:instancePath+"/expect",schemaPath:"#/properties/expect/oneOf/0/maximum",keyword:"maximum",params:{comparison: "<=", limit: 599},message:"must be <= 599",schema:599,parentSchema:schema73.properties.expect.oneOf[0],data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(data4 < 100 || isNaN(data4)){
const err13 = {instancePath:instancePath+"/expect",schemaPath:"#/properties/expect/oneOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 100},message:"must be >= 100",schema:100,parentSchema:schema73.properties.expect.oneOf[0],data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
var _valid0 = _errs14 === errors;
if(_valid0){
valid3 = true;
passing0 = 0;
}
const _errs16 = errors;
if(typeof data4 === "string"){
if(!pattern44.test(data4)){
const err14 = {instancePath:instancePath+"/expect",schemaPath:"#/properties/expect/oneOf/1/pattern",keyword:"pattern",params:{pattern: "^[\\x20-\\x7e]{1,200}$"},message:"must match pattern \""+"^[\\x20-\\x7e]{1,200}$"+"\"",schema:"^[\\x20-\\x7e]{1,200}$",parentSchema:schema73.properties.expect.oneOf[1],data:data4};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/expect",schemaPath:"#/properties/expect/oneOf/1/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema73.properties.expect.oneOf[1].type,parentSchema:schema73.properties.expect.oneOf[1],data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
var _valid0 = _errs16 === errors;
if(_valid0 && valid3){
valid3 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid3 = true;
passing0 = 1;
}
}
if(!valid3){
const err16 = {instancePath:instancePath+"/expect",schemaPath:"#/properties/expect/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema73.properties.expect.oneOf,parentSchema:schema73.properties.expect,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
else {
errors = _errs13;
if(vErrors !== null){
if(_errs13){
vErrors.length = _errs13;
}
else {
vErrors = null;
}
}
}
}
if(data.tls !== undefined){
let data5 = data.tls;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key1 in data5){
if(!((key1 === "verify") || (key1 === "ca"))){
const err17 = {instancePath:instancePath+"/tls",schemaPath:"#/definitions/testTls/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema75,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data5.verify !== undefined){
let data6 = data5.verify;
if(typeof data6 !== "boolean"){
const err18 = {instancePath:instancePath+"/tls/verify",schemaPath:"#/definitions/testTls/properties/verify/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema75.properties.verify.type,parentSchema:schema75.properties.verify,data:data6};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data5.ca !== undefined){
let data7 = data5.ca;
if(typeof data7 === "string"){
if(!pattern45.test(data7)){
const err19 = {instancePath:instancePath+"/tls/ca",schemaPath:"#/definitions/testTls/properties/ca/pattern",keyword:"pattern",params:{pattern: "^/[A-Za-z0-9_./+-]{1,1023}$"},message:"must match pattern \""+"^/[A-Za-z0-9_./+-]{1,1023}$"+"\"",schema:"^/[A-Za-z0-9_./+-]{1,1023}$",parentSchema:schema75.properties.ca,data:data7};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/tls/ca",schemaPath:"#/definitions/testTls/properties/ca/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema75.properties.ca.type,parentSchema:schema75.properties.ca,data:data7};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
else {
const err21 = {instancePath:instancePath+"/tls",schemaPath:"#/definitions/testTls/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema75.type,parentSchema:schema75,data:data5};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema73.type,parentSchema:schema73,data};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
validate35.errors = vErrors;
return errors === 0;
}

const schema77 = {"title":"Real server","description":"A host and how the service uses it. A host can stand in several entries, with different ports or addresses.","type":"object","additionalProperties":false,"required":["host"],"properties":{"host":{"title":"Host","description":"The host; its role is real-server.","allOf":[{"$ref":"#/definitions/hostName"}],"examples":["rs1"]},"mode":{"$ref":"#/definitions/realServer/properties/mode"},"address":{"$ref":"#/definitions/realServer/properties/address"},"port":{"$ref":"#/definitions/realServer/properties/port"},"weight":{"$ref":"#/definitions/realServer/properties/weight"},"upperThreshold":{"$ref":"#/definitions/realServer/properties/upperThreshold"},"lowerThreshold":{"$ref":"#/definitions/realServer/properties/lowerThreshold"}},"examples":[{"host":"rs1","port":8001}]};
const schema79 = {"title":"Mode","description":"How packets reach this real server, where that is not the service's mode. Each has to be set up as its own mode requires.","type":"string","examples":["tun"]};
const schema82 = {"title":"Port","description":"The port on the real server, where it differs from the service's and the mode can change it. Built-in modes that can: `nat`, `fullnat`.","type":"integer","minimum":1,"maximum":65535,"examples":[8080]};
const schema83 = {"title":"Weight","description":"Relative weight; 0 drains the server.","type":"integer","minimum":0,"maximum":2147483647,"default":1,"examples":[3]};
const schema84 = {"title":"Upper threshold","description":"From this many connections on it gets no new ones; 0 for no limit.","type":"integer","minimum":0,"maximum":65535,"default":0,"examples":[20000]};
const schema85 = {"title":"Lower threshold","description":"Below this many connections it gets new ones again; 0 for three quarters of the upper threshold.","type":"integer","minimum":0,"maximum":65535,"default":0,"examples":[15000]};
const schema80 = {"title":"Address","description":"The real server's address for this service (the RIP), where the host has several. Default: the one on the directors' segment, else the first, of the service's family. Of several there, the one whose gateway is a director comes first where replies return through it, then the one in the network of the virtual address. A tunnel can also go to an address of the other family. Built-in modes that can: `tun`.","allOf":[{"$ref":"#/definitions/address"}],"examples":["172.16.10.21"]};

function validate38(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(typeof data === "string"){
if(!pattern27.test(data)){
const err0 = {instancePath,schemaPath:"#/definitions/address/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$",parentSchema:schema50,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
else {
const err1 = {instancePath,schemaPath:"#/definitions/address/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema50.type,parentSchema:schema50,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
validate38.errors = vErrors;
return errors === 0;
}


function validate37(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.host === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "host"},message:"must have required property '"+"host"+"'",schema:schema77.required,parentSchema:schema77,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(((((((key0 === "host") || (key0 === "mode")) || (key0 === "address")) || (key0 === "port")) || (key0 === "weight")) || (key0 === "upperThreshold")) || (key0 === "lowerThreshold"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema77,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.host !== undefined){
let data0 = data.host;
if(typeof data0 === "string"){
if(data0.length > 253){
const err2 = {instancePath:instancePath+"/host",schemaPath:"#/definitions/hostName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema23,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(!pattern8.test(data0)){
const err3 = {instancePath:instancePath+"/host",schemaPath:"#/definitions/hostName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$"+"\"",schema:"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$",parentSchema:schema23,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/host",schemaPath:"#/definitions/hostName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema23.type,parentSchema:schema23,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.mode !== undefined){
let data1 = data.mode;
if(typeof data1 !== "string"){
const err5 = {instancePath:instancePath+"/mode",schemaPath:"#/definitions/realServer/properties/mode/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema79.type,parentSchema:schema79,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.address !== undefined){
if(!(validate38(data.address, {instancePath:instancePath+"/address",parentData:data,parentDataProperty:"address",rootData}))){
vErrors = vErrors === null ? validate38.errors : vErrors.concat(validate38.errors);
errors = vErrors.length;
}
}
if(data.port !== undefined){
let data3 = data.port;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
const err6 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/realServer/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema82.type,parentSchema:schema82,data:data3};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 65535 || isNaN(data3)){
const err7 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/realServer/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema82,data:data3};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data3 < 1 || isNaN(data3)){
const err8 = {instancePath:instancePath+"/port",schemaPath:"#/definitions/realServer/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema82,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
if(data.weight !== undefined){
let data4 = data.weight;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
const err9 = {instancePath:instancePath+"/weight",schemaPath:"#/definitions/realServer/properties/weight/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema83.type,parentSchema:schema83,data:data4};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 2147483647 || isNaN(data4)){
const err10 = {instancePath:instancePath+"/weight",schemaPath:"#/definitions/realServer/properties/weight/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647",schema:2147483647,parentSchema:schema83,data:data4};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data4 < 0 || isNaN(data4)){
const err11 = {instancePath:instancePath+"/weight",schemaPath:"#/definitions/realServer/properties/weight/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema83,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
if(data.upperThreshold !== undefined){
let data5 = data.upperThreshold;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
const err12 = {instancePath:instancePath+"/upperThreshold",schemaPath:"#/definitions/realServer/properties/upperThreshold/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema84.type,parentSchema:schema84,data:data5};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 65535 || isNaN(data5)){
const err13 = {instancePath:instancePath+"/upperThreshold",schemaPath:"#/definitions/realServer/properties/upperThreshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema84,data:data5};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(data5 < 0 || isNaN(data5)){
const err14 = {instancePath:instancePath+"/upperThreshold",schemaPath:"#/definitions/realServer/properties/upperThreshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema84,data:data5};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
if(data.lowerThreshold !== undefined){
let data6 = data.lowerThreshold;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
const err15 = {instancePath:instancePath+"/lowerThreshold",schemaPath:"#/definitions/realServer/properties/lowerThreshold/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema85.type,parentSchema:schema85,data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 > 65535 || isNaN(data6)){
const err16 = {instancePath:instancePath+"/lowerThreshold",schemaPath:"#/definitions/realServer/properties/lowerThreshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema85,data:data6};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(data6 < 0 || isNaN(data6)){
const err17 = {instancePath:instancePath+"/lowerThreshold",schemaPath:"#/definitions/realServer/properties/lowerThreshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema85,data:data6};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
}
else {
const err18 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema77.type,parentSchema:schema77,data};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
validate37.errors = vErrors;
return errors === 0;
}

const schema87 = {"title":"Real server","description":"How one service uses a real server; empty for the defaults.","type":["object","null"],"additionalProperties":false,"properties":{"mode":{"title":"Mode","description":"How packets reach this real server, where that is not the service's mode. Each has to be set up as its own mode requires.","type":"string","examples":["tun"]},"address":{"title":"Address","description":"The real server's address for this service (the RIP), where the host has several. Default: the one on the directors' segment, else the first, of the service's family. Of several there, the one whose gateway is a director comes first where replies return through it, then the one in the network of the virtual address. A tunnel can also go to an address of the other family. Built-in modes that can: `tun`.","allOf":[{"$ref":"#/definitions/address"}],"examples":["172.16.10.21"]},"port":{"title":"Port","description":"The port on the real server, where it differs from the service's and the mode can change it. Built-in modes that can: `nat`, `fullnat`.","type":"integer","minimum":1,"maximum":65535,"examples":[8080]},"weight":{"title":"Weight","description":"Relative weight; 0 drains the server.","type":"integer","minimum":0,"maximum":2147483647,"default":1,"examples":[3]},"upperThreshold":{"title":"Upper threshold","description":"From this many connections on it gets no new ones; 0 for no limit.","type":"integer","minimum":0,"maximum":65535,"default":0,"examples":[20000]},"lowerThreshold":{"title":"Lower threshold","description":"Below this many connections it gets new ones again; 0 for three quarters of the upper threshold.","type":"integer","minimum":0,"maximum":65535,"default":0,"examples":[15000]}},"examples":[{"weight":3}]};

function validate41(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if((!(data && typeof data == "object" && !Array.isArray(data))) && (data !== null)){
const err0 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: schema87.type},message:"must be object,null",schema:schema87.type,parentSchema:schema87,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((key0 === "mode") || (key0 === "address")) || (key0 === "port")) || (key0 === "weight")) || (key0 === "upperThreshold")) || (key0 === "lowerThreshold"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema87,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.mode !== undefined){
let data0 = data.mode;
if(typeof data0 !== "string"){
const err2 = {instancePath:instancePath+"/mode",schemaPath:"#/properties/mode/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema87.properties.mode.type,parentSchema:schema87.properties.mode,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.address !== undefined){
let data1 = data.address;
if(typeof data1 === "string"){
if(!pattern27.test(data1)){
const err3 = {instancePath:instancePath+"/address",schemaPath:"#/definitions/address/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$",parentSchema:schema50,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/address",schemaPath:"#/definitions/address/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema50.type,parentSchema:schema50,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.port !== undefined){
let data2 = data.port;
if(!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))){
const err5 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema87.properties.port.type,parentSchema:schema87.properties.port,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 65535 || isNaN(data2)){
const err6 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema87.properties.port,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data2 < 1 || isNaN(data2)){
const err7 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema87.properties.port,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
if(data.weight !== undefined){
let data3 = data.weight;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
const err8 = {instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema87.properties.weight.type,parentSchema:schema87.properties.weight,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 2147483647 || isNaN(data3)){
const err9 = {instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},message:"must be <= 2147483647",schema:2147483647,parentSchema:schema87.properties.weight,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data3 < 0 || isNaN(data3)){
const err10 = {instancePath:instancePath+"/weight",schemaPath:"#/properties/weight/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema87.properties.weight,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
if(data.upperThreshold !== undefined){
let data4 = data.upperThreshold;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
const err11 = {instancePath:instancePath+"/upperThreshold",schemaPath:"#/properties/upperThreshold/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema87.properties.upperThreshold.type,parentSchema:schema87.properties.upperThreshold,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 65535 || isNaN(data4)){
const err12 = {instancePath:instancePath+"/upperThreshold",schemaPath:"#/properties/upperThreshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema87.properties.upperThreshold,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(data4 < 0 || isNaN(data4)){
const err13 = {instancePath:instancePath+"/upperThreshold",schemaPath:"#/properties/upperThreshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema87.properties.upperThreshold,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
if(data.lowerThreshold !== undefined){
let data5 = data.lowerThreshold;
if(!(((typeof data5 == "number") && (!(data5 % 1) && !isNaN(data5))) && (isFinite(data5)))){
const err14 = {instancePath:instancePath+"/lowerThreshold",schemaPath:"#/properties/lowerThreshold/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema87.properties.lowerThreshold.type,parentSchema:schema87.properties.lowerThreshold,data:data5};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 65535 || isNaN(data5)){
const err15 = {instancePath:instancePath+"/lowerThreshold",schemaPath:"#/properties/lowerThreshold/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema87.properties.lowerThreshold,data:data5};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data5 < 0 || isNaN(data5)){
const err16 = {instancePath:instancePath+"/lowerThreshold",schemaPath:"#/properties/lowerThreshold/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema87.properties.lowerThreshold,data:data5};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
}
validate41.errors = vErrors;
return errors === 0;
}


function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.mode === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "mode"},message:"must have required property '"+"mode"+"'",schema:schema49.required,parentSchema:schema49,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema49.properties, key0))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema49,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.mode !== undefined){
let data0 = data.mode;
if(typeof data0 !== "string"){
const err2 = {instancePath:instancePath+"/mode",schemaPath:"#/properties/mode/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema49.properties.mode.type,parentSchema:schema49.properties.mode,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.vip !== undefined){
let data1 = data.vip;
const _errs5 = errors;
let valid1 = false;
let passing0 = null;
const _errs6 = errors;
if(typeof data1 === "string"){
if(!pattern27.test(data1)){
const err3 = {instancePath:instancePath+"/vip",schemaPath:"#/definitions/address/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$",parentSchema:schema50,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/vip",schemaPath:"#/definitions/address/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema50.type,parentSchema:schema50,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
var _valid0 = _errs6 === errors;
if(_valid0){
valid1 = true;
passing0 = 0;
}
const _errs9 = errors;
if(!(validate24(data1, {instancePath:instancePath+"/vip",parentData:data,parentDataProperty:"vip",rootData}))){
vErrors = vErrors === null ? validate24.errors : vErrors.concat(validate24.errors);
errors = vErrors.length;
}
var _valid0 = _errs9 === errors;
if(_valid0 && valid1){
valid1 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid1 = true;
passing0 = 1;
}
}
if(!valid1){
const err5 = {instancePath:instancePath+"/vip",schemaPath:"#/properties/vip/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema49.properties.vip.oneOf,parentSchema:schema49.properties.vip,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
else {
errors = _errs5;
if(vErrors !== null){
if(_errs5){
vErrors.length = _errs5;
}
else {
vErrors = null;
}
}
}
}
if(data.vips !== undefined){
let data2 = data.vips;
if(Array.isArray(data2)){
if(data2.length > 64){
const err6 = {instancePath:instancePath+"/vips",schemaPath:"#/properties/vips/maxItems",keyword:"maxItems",params:{limit: 64},message:"must NOT have more than 64 items",schema:64,parentSchema:schema49.properties.vips,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data2.length < 1){
const err7 = {instancePath:instancePath+"/vips",schemaPath:"#/properties/vips/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema49.properties.vips,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
if(!(validate26(data2[i0], {instancePath:instancePath+"/vips/" + i0,parentData:data2,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate26.errors : vErrors.concat(validate26.errors);
errors = vErrors.length;
}
}
}
else {
const err8 = {instancePath:instancePath+"/vips",schemaPath:"#/properties/vips/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema49.properties.vips.type,parentSchema:schema49.properties.vips,data:data2};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.port !== undefined){
let data4 = data.port;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
const err9 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema49.properties.port.type,parentSchema:schema49.properties.port,data:data4};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 65535 || isNaN(data4)){
const err10 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema49.properties.port,data:data4};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data4 < 0 || isNaN(data4)){
const err11 = {instancePath:instancePath+"/port",schemaPath:"#/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema49.properties.port,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
if(data.ports !== undefined){
let data5 = data.ports;
if(Array.isArray(data5)){
if(data5.length > 32){
const err12 = {instancePath:instancePath+"/ports",schemaPath:"#/properties/ports/maxItems",keyword:"maxItems",params:{limit: 32},message:"must NOT have more than 32 items",schema:32,parentSchema:schema49.properties.ports,data:data5};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(data5.length < 1){
const err13 = {instancePath:instancePath+"/ports",schemaPath:"#/properties/ports/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema49.properties.ports,data:data5};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
const len1 = data5.length;
for(let i1=0; i1<len1; i1++){
let data6 = data5[i1];
const _errs19 = errors;
let valid8 = false;
let passing1 = null;
const _errs20 = errors;
if(!(((typeof data6 == "number") && (!(data6 % 1) && !isNaN(data6))) && (isFinite(data6)))){
const err14 = {instancePath:instancePath+"/ports/" + i1,schemaPath:"#/definitions/ports/oneOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema56.oneOf[0].type,parentSchema:schema56.oneOf[0],data:data6};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if((typeof data6 == "number") && (isFinite(data6))){
if(data6 > 65535 || isNaN(data6)){
const err15 = {instancePath:instancePath+"/ports/" + i1,schemaPath:"#/definitions/ports/oneOf/0/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema56.oneOf[0],data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data6 < 1 || isNaN(data6)){
const err16 = {instancePath:instancePath+"/ports/" + i1,schemaPath:"#/definitions/ports/oneOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema56.oneOf[0],data:data6};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
var _valid1 = _errs20 === errors;
if(_valid1){
valid8 = true;
passing1 = 0;
}
const _errs22 = errors;
if(typeof data6 === "string"){
if(!pattern31.test(data6)){
const err17 = {instancePath:instancePath+"/ports/" + i1,schemaPath:"#/definitions/ports/oneOf/1/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$"},message:"must match pattern \""+"^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$"+"\"",schema:"^[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?$",parentSchema:schema56.oneOf[1],data:data6};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
else {
const err18 = {instancePath:instancePath+"/ports/" + i1,schemaPath:"#/definitions/ports/oneOf/1/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema56.oneOf[1].type,parentSchema:schema56.oneOf[1],data:data6};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
var _valid1 = _errs22 === errors;
if(_valid1 && valid8){
valid8 = false;
passing1 = [passing1, 1];
}
else {
if(_valid1){
valid8 = true;
passing1 = 1;
}
}
if(!valid8){
const err19 = {instancePath:instancePath+"/ports/" + i1,schemaPath:"#/definitions/ports/oneOf",keyword:"oneOf",params:{passingSchemas: passing1},message:"must match exactly one schema in oneOf",schema:schema56.oneOf,parentSchema:schema56,data:data6};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
else {
errors = _errs19;
if(vErrors !== null){
if(_errs19){
vErrors.length = _errs19;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err20 = {instancePath:instancePath+"/ports",schemaPath:"#/properties/ports/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema49.properties.ports.type,parentSchema:schema49.properties.ports,data:data5};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.protocol !== undefined){
let data7 = data.protocol;
if(typeof data7 !== "string"){
const err21 = {instancePath:instancePath+"/protocol",schemaPath:"#/definitions/protocol/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema57.type,parentSchema:schema57,data:data7};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(!(((data7 === "tcp") || (data7 === "udp")) || (data7 === "sctp"))){
const err22 = {instancePath:instancePath+"/protocol",schemaPath:"#/definitions/protocol/enum",keyword:"enum",params:{allowedValues: schema57.enum},message:"must be equal to one of the allowed values",schema:schema57.enum,parentSchema:schema57,data:data7};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.fwmark !== undefined){
let data8 = data.fwmark;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
const err23 = {instancePath:instancePath+"/fwmark",schemaPath:"#/properties/fwmark/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema49.properties.fwmark.type,parentSchema:schema49.properties.fwmark,data:data8};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 > 4294967295 || isNaN(data8)){
const err24 = {instancePath:instancePath+"/fwmark",schemaPath:"#/properties/fwmark/maximum",keyword:"maximum",params:{comparison: "<=", limit: 4294967295},message:"must be <= 4294967295",schema:4294967295,parentSchema:schema49.properties.fwmark,data:data8};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(data8 < 1 || isNaN(data8)){
const err25 = {instancePath:instancePath+"/fwmark",schemaPath:"#/properties/fwmark/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema49.properties.fwmark,data:data8};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
}
if(data.match !== undefined){
let data9 = data.match;
if(Array.isArray(data9)){
if(data9.length > 256){
const err26 = {instancePath:instancePath+"/match",schemaPath:"#/properties/match/maxItems",keyword:"maxItems",params:{limit: 256},message:"must NOT have more than 256 items",schema:256,parentSchema:schema49.properties.match,data:data9};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if(data9.length < 1){
const err27 = {instancePath:instancePath+"/match",schemaPath:"#/properties/match/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema49.properties.match,data:data9};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
const len2 = data9.length;
for(let i2=0; i2<len2; i2++){
if(!(validate29(data9[i2], {instancePath:instancePath+"/match/" + i2,parentData:data9,parentDataProperty:i2,rootData}))){
vErrors = vErrors === null ? validate29.errors : vErrors.concat(validate29.errors);
errors = vErrors.length;
}
}
}
else {
const err28 = {instancePath:instancePath+"/match",schemaPath:"#/properties/match/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema49.properties.match.type,parentSchema:schema49.properties.match,data:data9};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data.scheduler !== undefined){
let data11 = data.scheduler;
if(typeof data11 !== "string"){
const err29 = {instancePath:instancePath+"/scheduler",schemaPath:"#/properties/scheduler/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema49.properties.scheduler.type,parentSchema:schema49.properties.scheduler,data:data11};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(!((((((((((((((data11 === "rr") || (data11 === "wrr")) || (data11 === "lc")) || (data11 === "wlc")) || (data11 === "lblc")) || (data11 === "lblcr")) || (data11 === "dh")) || (data11 === "sh")) || (data11 === "mh")) || (data11 === "sed")) || (data11 === "nq")) || (data11 === "fo")) || (data11 === "ovf")) || (data11 === "twos"))){
const err30 = {instancePath:instancePath+"/scheduler",schemaPath:"#/properties/scheduler/enum",keyword:"enum",params:{allowedValues: schema49.properties.scheduler.enum},message:"must be equal to one of the allowed values",schema:schema49.properties.scheduler.enum,parentSchema:schema49.properties.scheduler,data:data11};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data.schedulerFlags !== undefined){
let data12 = data.schedulerFlags;
if(Array.isArray(data12)){
if(data12.length < 1){
const err31 = {instancePath:instancePath+"/schedulerFlags",schemaPath:"#/properties/schedulerFlags/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema49.properties.schedulerFlags,data:data12};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
const len3 = data12.length;
for(let i3=0; i3<len3; i3++){
let data13 = data12[i3];
if(typeof data13 !== "string"){
const err32 = {instancePath:instancePath+"/schedulerFlags/" + i3,schemaPath:"#/properties/schedulerFlags/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema49.properties.schedulerFlags.items.type,parentSchema:schema49.properties.schedulerFlags.items,data:data13};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(!((((data13 === "sh-port") || (data13 === "sh-fallback")) || (data13 === "mh-port")) || (data13 === "mh-fallback"))){
const err33 = {instancePath:instancePath+"/schedulerFlags/" + i3,schemaPath:"#/properties/schedulerFlags/items/enum",keyword:"enum",params:{allowedValues: schema49.properties.schedulerFlags.items.enum},message:"must be equal to one of the allowed values",schema:schema49.properties.schedulerFlags.items.enum,parentSchema:schema49.properties.schedulerFlags.items,data:data13};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
let i4 = data12.length;
let j0;
if(i4 > 1){
const indices0 = {};
for(;i4--;){
let item0 = data12[i4];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err34 = {instancePath:instancePath+"/schedulerFlags",schemaPath:"#/properties/schedulerFlags/uniqueItems",keyword:"uniqueItems",params:{i: i4, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i4+" are identical)",schema:true,parentSchema:schema49.properties.schedulerFlags,data:data12};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
break;
}
indices0[item0] = i4;
}
}
}
else {
const err35 = {instancePath:instancePath+"/schedulerFlags",schemaPath:"#/properties/schedulerFlags/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema49.properties.schedulerFlags.type,parentSchema:schema49.properties.schedulerFlags,data:data12};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data.persistence !== undefined){
let data14 = data.persistence;
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
for(const key1 in data14){
if(!(((key1 === "timeout") || (key1 === "netmask")) || (key1 === "engine"))){
const err36 = {instancePath:instancePath+"/persistence",schemaPath:"#/definitions/persistence/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema63,data:data14};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
if(data14.timeout !== undefined){
let data15 = data14.timeout;
if(!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))){
const err37 = {instancePath:instancePath+"/persistence/timeout",schemaPath:"#/definitions/persistence/properties/timeout/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema63.properties.timeout.type,parentSchema:schema63.properties.timeout,data:data15};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 > 2678400 || isNaN(data15)){
const err38 = {instancePath:instancePath+"/persistence/timeout",schemaPath:"#/definitions/persistence/properties/timeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2678400},message:"must be <= 2678400",schema:2678400,parentSchema:schema63.properties.timeout,data:data15};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(data15 < 1 || isNaN(data15)){
const err39 = {instancePath:instancePath+"/persistence/timeout",schemaPath:"#/definitions/persistence/properties/timeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema63.properties.timeout,data:data15};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
}
if(data14.netmask !== undefined){
let data16 = data14.netmask;
const _errs47 = errors;
let valid19 = false;
let passing2 = null;
const _errs48 = errors;
if(!(((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16))) && (isFinite(data16)))){
const err40 = {instancePath:instancePath+"/persistence/netmask",schemaPath:"#/definitions/persistence/properties/netmask/oneOf/0/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema63.properties.netmask.oneOf[0].type,parentSchema:schema63.properties.netmask.oneOf[0],data:data16};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if((typeof data16 == "number") && (isFinite(data16))){
if(data16 > 128 || isNaN(data16)){
const err41 = {instancePath:instancePath+"/persistence/netmask",schemaPath:"#/definitions/persistence/properties/netmask/oneOf/0/maximum",keyword:"maximum",params:{comparison: "<=", limit: 128},message:"must be <= 128",schema:128,parentSchema:schema63.properties.netmask.oneOf[0],data:data16};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(data16 < 1 || isNaN(data16)){
const err42 = {instancePath:instancePath+"/persistence/netmask",schemaPath:"#/definitions/persistence/properties/netmask/oneOf/0/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema63.properties.netmask.oneOf[0],data:data16};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
var _valid2 = _errs48 === errors;
if(_valid2){
valid19 = true;
passing2 = 0;
}
const _errs50 = errors;
if(typeof data16 === "string"){
if(!pattern35.test(data16)){
const err43 = {instancePath:instancePath+"/persistence/netmask",schemaPath:"#/definitions/persistence/properties/netmask/oneOf/1/pattern",keyword:"pattern",params:{pattern: "^((0\\.0\\.0\\.0)|((128|192|224|240|248|252|254)\\.0\\.0\\.0)|(255\\.(0|128|192|224|240|248|252|254)\\.0\\.0)|(255\\.255\\.(0|128|192|224|240|248|252|254)\\.0)|(255\\.255\\.255\\.(0|128|192|224|240|248|252|254|255)))$"},message:"must match pattern \""+"^((0\\.0\\.0\\.0)|((128|192|224|240|248|252|254)\\.0\\.0\\.0)|(255\\.(0|128|192|224|240|248|252|254)\\.0\\.0)|(255\\.255\\.(0|128|192|224|240|248|252|254)\\.0)|(255\\.255\\.255\\.(0|128|192|224|240|248|252|254|255)))$"+"\"",schema:"^((0\\.0\\.0\\.0)|((128|192|224|240|248|252|254)\\.0\\.0\\.0)|(255\\.(0|128|192|224|240|248|252|254)\\.0\\.0)|(255\\.255\\.(0|128|192|224|240|248|252|254)\\.0)|(255\\.255\\.255\\.(0|128|192|224|240|248|252|254|255)))$",parentSchema:schema63.properties.netmask.oneOf[1],data:data16};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
else {
const err44 = {instancePath:instancePath+"/persistence/netmask",schemaPath:"#/definitions/persistence/properties/netmask/oneOf/1/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema63.properties.netmask.oneOf[1].type,parentSchema:schema63.properties.netmask.oneOf[1],data:data16};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
var _valid2 = _errs50 === errors;
if(_valid2 && valid19){
valid19 = false;
passing2 = [passing2, 1];
}
else {
if(_valid2){
valid19 = true;
passing2 = 1;
}
}
if(!valid19){
const err45 = {instancePath:instancePath+"/persistence/netmask",schemaPath:"#/definitions/persistence/properties/netmask/oneOf",keyword:"oneOf",params:{passingSchemas: passing2},message:"must match exactly one schema in oneOf",schema:schema63.properties.netmask.oneOf,parentSchema:schema63.properties.netmask,data:data16};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
else {
errors = _errs47;
if(vErrors !== null){
if(_errs47){
vErrors.length = _errs47;
}
else {
vErrors = null;
}
}
}
}
if(data14.engine !== undefined){
let data17 = data14.engine;
if(typeof data17 !== "string"){
const err46 = {instancePath:instancePath+"/persistence/engine",schemaPath:"#/definitions/persistence/properties/engine/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema63.properties.engine.type,parentSchema:schema63.properties.engine,data:data17};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if(!(data17 === "sip")){
const err47 = {instancePath:instancePath+"/persistence/engine",schemaPath:"#/definitions/persistence/properties/engine/enum",keyword:"enum",params:{allowedValues: schema63.properties.engine.enum},message:"must be equal to one of the allowed values",schema:schema63.properties.engine.enum,parentSchema:schema63.properties.engine,data:data17};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
}
else {
const err48 = {instancePath:instancePath+"/persistence",schemaPath:"#/definitions/persistence/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema63.type,parentSchema:schema63,data:data14};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data.helper !== undefined){
let data18 = data.helper;
if(typeof data18 !== "string"){
const err49 = {instancePath:instancePath+"/helper",schemaPath:"#/properties/helper/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema49.properties.helper.type,parentSchema:schema49.properties.helper,data:data18};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(!(data18 === "ftp")){
const err50 = {instancePath:instancePath+"/helper",schemaPath:"#/properties/helper/enum",keyword:"enum",params:{allowedValues: schema49.properties.helper.enum},message:"must be equal to one of the allowed values",schema:schema49.properties.helper.enum,parentSchema:schema49.properties.helper,data:data18};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data.onePacket !== undefined){
let data19 = data.onePacket;
if(typeof data19 !== "boolean"){
const err51 = {instancePath:instancePath+"/onePacket",schemaPath:"#/properties/onePacket/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema49.properties.onePacket.type,parentSchema:schema49.properties.onePacket,data:data19};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data.arp !== undefined){
let data20 = data.arp;
if(typeof data20 !== "string"){
const err52 = {instancePath:instancePath+"/arp",schemaPath:"#/properties/arp/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema49.properties.arp.type,parentSchema:schema49.properties.arp,data:data20};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if(!((data20 === "sysctl") || (data20 === "arptables"))){
const err53 = {instancePath:instancePath+"/arp",schemaPath:"#/properties/arp/enum",keyword:"enum",params:{allowedValues: schema49.properties.arp.enum},message:"must be equal to one of the allowed values",schema:schema49.properties.arp.enum,parentSchema:schema49.properties.arp,data:data20};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
if(data.publish !== undefined){
if(!(validate31(data.publish, {instancePath:instancePath+"/publish",parentData:data,parentDataProperty:"publish",rootData}))){
vErrors = vErrors === null ? validate31.errors : vErrors.concat(validate31.errors);
errors = vErrors.length;
}
}
if(data.synproxy !== undefined){
if(!(validate33(data.synproxy, {instancePath:instancePath+"/synproxy",parentData:data,parentDataProperty:"synproxy",rootData}))){
vErrors = vErrors === null ? validate33.errors : vErrors.concat(validate33.errors);
errors = vErrors.length;
}
}
if(data.tunnel !== undefined){
let data23 = data.tunnel;
if(data23 && typeof data23 == "object" && !Array.isArray(data23)){
for(const key2 in data23){
if(!(((key2 === "type") || (key2 === "port")) || (key2 === "checksum"))){
const err54 = {instancePath:instancePath+"/tunnel",schemaPath:"#/definitions/tunnel/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema70,data:data23};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data23.type !== undefined){
let data24 = data23.type;
if(typeof data24 !== "string"){
const err55 = {instancePath:instancePath+"/tunnel/type",schemaPath:"#/definitions/tunnel/properties/type/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema70.properties.type.type,parentSchema:schema70.properties.type,data:data24};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
if(!(((data24 === "ipip") || (data24 === "gue")) || (data24 === "gre"))){
const err56 = {instancePath:instancePath+"/tunnel/type",schemaPath:"#/definitions/tunnel/properties/type/enum",keyword:"enum",params:{allowedValues: schema70.properties.type.enum},message:"must be equal to one of the allowed values",schema:schema70.properties.type.enum,parentSchema:schema70.properties.type,data:data24};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
if(data23.port !== undefined){
let data25 = data23.port;
if(!(((typeof data25 == "number") && (!(data25 % 1) && !isNaN(data25))) && (isFinite(data25)))){
const err57 = {instancePath:instancePath+"/tunnel/port",schemaPath:"#/definitions/tunnel/properties/port/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema70.properties.port.type,parentSchema:schema70.properties.port,data:data25};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
if((typeof data25 == "number") && (isFinite(data25))){
if(data25 > 65535 || isNaN(data25)){
const err58 = {instancePath:instancePath+"/tunnel/port",schemaPath:"#/definitions/tunnel/properties/port/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535",schema:65535,parentSchema:schema70.properties.port,data:data25};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
if(data25 < 1 || isNaN(data25)){
const err59 = {instancePath:instancePath+"/tunnel/port",schemaPath:"#/definitions/tunnel/properties/port/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema70.properties.port,data:data25};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
}
if(data23.checksum !== undefined){
let data26 = data23.checksum;
if(typeof data26 !== "boolean"){
const err60 = {instancePath:instancePath+"/tunnel/checksum",schemaPath:"#/definitions/tunnel/properties/checksum/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema70.properties.checksum.type,parentSchema:schema70.properties.checksum,data:data26};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
}
else {
const err61 = {instancePath:instancePath+"/tunnel",schemaPath:"#/definitions/tunnel/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema70.type,parentSchema:schema70,data:data23};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
if(data.mssClamp !== undefined){
let data27 = data.mssClamp;
if(!(((typeof data27 == "number") && (!(data27 % 1) && !isNaN(data27))) && (isFinite(data27)))){
const err62 = {instancePath:instancePath+"/mssClamp",schemaPath:"#/properties/mssClamp/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema49.properties.mssClamp.type,parentSchema:schema49.properties.mssClamp,data:data27};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if((typeof data27 == "number") && (isFinite(data27))){
if(data27 > 65495 || isNaN(data27)){
const err63 = {instancePath:instancePath+"/mssClamp",schemaPath:"#/properties/mssClamp/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65495},message:"must be <= 65495",schema:65495,parentSchema:schema49.properties.mssClamp,data:data27};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
if(data27 < 536 || isNaN(data27)){
const err64 = {instancePath:instancePath+"/mssClamp",schemaPath:"#/properties/mssClamp/minimum",keyword:"minimum",params:{comparison: ">=", limit: 536},message:"must be >= 536",schema:536,parentSchema:schema49.properties.mssClamp,data:data27};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
}
if(data.masquerade !== undefined){
let data28 = data.masquerade;
if(typeof data28 !== "boolean"){
const err65 = {instancePath:instancePath+"/masquerade",schemaPath:"#/properties/masquerade/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema49.properties.masquerade.type,parentSchema:schema49.properties.masquerade,data:data28};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
if(data.internet !== undefined){
let data29 = data.internet;
if(typeof data29 !== "boolean"){
const err66 = {instancePath:instancePath+"/internet",schemaPath:"#/properties/internet/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema49.properties.internet.type,parentSchema:schema49.properties.internet,data:data29};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
if(data.log !== undefined){
let data30 = data.log;
if(typeof data30 === "string"){
if(!pattern40.test(data30)){
const err67 = {instancePath:instancePath+"/log",schemaPath:"#/properties/log/pattern",keyword:"pattern",params:{pattern: "^[\\x20-\\x7e]{1,29}$"},message:"must match pattern \""+"^[\\x20-\\x7e]{1,29}$"+"\"",schema:"^[\\x20-\\x7e]{1,29}$",parentSchema:schema49.properties.log,data:data30};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
else {
const err68 = {instancePath:instancePath+"/log",schemaPath:"#/properties/log/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema49.properties.log.type,parentSchema:schema49.properties.log,data:data30};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
if(data.localAddresses !== undefined){
let data31 = data.localAddresses;
if(Array.isArray(data31)){
if(data31.length > 256){
const err69 = {instancePath:instancePath+"/localAddresses",schemaPath:"#/properties/localAddresses/maxItems",keyword:"maxItems",params:{limit: 256},message:"must NOT have more than 256 items",schema:256,parentSchema:schema49.properties.localAddresses,data:data31};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
if(data31.length < 1){
const err70 = {instancePath:instancePath+"/localAddresses",schemaPath:"#/properties/localAddresses/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema49.properties.localAddresses,data:data31};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
const len4 = data31.length;
for(let i5=0; i5<len4; i5++){
let data32 = data31[i5];
if(typeof data32 === "string"){
if(!pattern27.test(data32)){
const err71 = {instancePath:instancePath+"/localAddresses/" + i5,schemaPath:"#/definitions/address/pattern",keyword:"pattern",params:{pattern: "^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"},message:"must match pattern \""+"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$"+"\"",schema:"^(((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})$",parentSchema:schema50,data:data32};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
else {
const err72 = {instancePath:instancePath+"/localAddresses/" + i5,schemaPath:"#/definitions/address/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema50.type,parentSchema:schema50,data:data32};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
}
else {
const err73 = {instancePath:instancePath+"/localAddresses",schemaPath:"#/properties/localAddresses/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema49.properties.localAddresses.type,parentSchema:schema49.properties.localAddresses,data:data31};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data.testPage !== undefined){
let data33 = data.testPage;
if(typeof data33 !== "boolean"){
const err74 = {instancePath:instancePath+"/testPage",schemaPath:"#/properties/testPage/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema49.properties.testPage.type,parentSchema:schema49.properties.testPage,data:data33};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
if(data.verify !== undefined){
let data34 = data.verify;
const _errs91 = errors;
let valid28 = false;
let passing3 = null;
const _errs92 = errors;
if(typeof data34 !== "string"){
const err75 = {instancePath:instancePath+"/verify",schemaPath:"#/definitions/testType/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema72.type,parentSchema:schema72,data:data34};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
if(!((((((((data34 === "http") || (data34 === "https")) || (data34 === "tcp")) || (data34 === "udp")) || (data34 === "sctp")) || (data34 === "dns")) || (data34 === "sip")) || (data34 === "none"))){
const err76 = {instancePath:instancePath+"/verify",schemaPath:"#/definitions/testType/enum",keyword:"enum",params:{allowedValues: schema72.enum},message:"must be equal to one of the allowed values",schema:schema72.enum,parentSchema:schema72,data:data34};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
var _valid3 = _errs92 === errors;
if(_valid3){
valid28 = true;
passing3 = 0;
}
const _errs95 = errors;
if(!(validate35(data34, {instancePath:instancePath+"/verify",parentData:data,parentDataProperty:"verify",rootData}))){
vErrors = vErrors === null ? validate35.errors : vErrors.concat(validate35.errors);
errors = vErrors.length;
}
var _valid3 = _errs95 === errors;
if(_valid3 && valid28){
valid28 = false;
passing3 = [passing3, 1];
}
else {
if(_valid3){
valid28 = true;
passing3 = 1;
}
}
if(!valid28){
const err77 = {instancePath:instancePath+"/verify",schemaPath:"#/properties/verify/oneOf",keyword:"oneOf",params:{passingSchemas: passing3},message:"must match exactly one schema in oneOf",schema:schema49.properties.verify.oneOf,parentSchema:schema49.properties.verify,data:data34};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
else {
errors = _errs91;
if(vErrors !== null){
if(_errs91){
vErrors.length = _errs91;
}
else {
vErrors = null;
}
}
}
}
if(data.realServers !== undefined){
let data35 = data.realServers;
const _errs97 = errors;
let valid30 = false;
let passing4 = null;
const _errs98 = errors;
if(Array.isArray(data35)){
if(data35.length > 20000){
const err78 = {instancePath:instancePath+"/realServers",schemaPath:"#/properties/realServers/oneOf/0/maxItems",keyword:"maxItems",params:{limit: 20000},message:"must NOT have more than 20000 items",schema:20000,parentSchema:schema49.properties.realServers.oneOf[0],data:data35};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
const len5 = data35.length;
for(let i6=0; i6<len5; i6++){
let data36 = data35[i6];
const _errs101 = errors;
let valid33 = false;
let passing5 = null;
const _errs102 = errors;
if(typeof data36 === "string"){
if(data36.length > 253){
const err79 = {instancePath:instancePath+"/realServers/" + i6,schemaPath:"#/definitions/hostName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema23,data:data36};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
if(!pattern8.test(data36)){
const err80 = {instancePath:instancePath+"/realServers/" + i6,schemaPath:"#/definitions/hostName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$"+"\"",schema:"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$",parentSchema:schema23,data:data36};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
else {
const err81 = {instancePath:instancePath+"/realServers/" + i6,schemaPath:"#/definitions/hostName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema23.type,parentSchema:schema23,data:data36};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
var _valid5 = _errs102 === errors;
if(_valid5){
valid33 = true;
passing5 = 0;
}
const _errs105 = errors;
if(!(validate37(data36, {instancePath:instancePath+"/realServers/" + i6,parentData:data35,parentDataProperty:i6,rootData}))){
vErrors = vErrors === null ? validate37.errors : vErrors.concat(validate37.errors);
errors = vErrors.length;
}
var _valid5 = _errs105 === errors;
if(_valid5 && valid33){
valid33 = false;
passing5 = [passing5, 1];
}
else {
if(_valid5){
valid33 = true;
passing5 = 1;
}
}
if(!valid33){
const err82 = {instancePath:instancePath+"/realServers/" + i6,schemaPath:"#/properties/realServers/oneOf/0/items/oneOf",keyword:"oneOf",params:{passingSchemas: passing5},message:"must match exactly one schema in oneOf",schema:schema49.properties.realServers.oneOf[0].items.oneOf,parentSchema:schema49.properties.realServers.oneOf[0].items,data:data36};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
else {
errors = _errs101;
if(vErrors !== null){
if(_errs101){
vErrors.length = _errs101;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err83 = {instancePath:instancePath+"/realServers",schemaPath:"#/properties/realServers/oneOf/0/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema49.properties.realServers.oneOf[0].type,parentSchema:schema49.properties.realServers.oneOf[0],data:data35};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
var _valid4 = _errs98 === errors;
if(_valid4){
valid30 = true;
passing4 = 0;
}
const _errs106 = errors;
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
if(Object.keys(data35).length > 20000){
const err84 = {instancePath:instancePath+"/realServers",schemaPath:"#/properties/realServers/oneOf/1/maxProperties",keyword:"maxProperties",params:{limit: 20000},message:"must NOT have more than 20000 properties",schema:20000,parentSchema:schema49.properties.realServers.oneOf[1],data:data35};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
for(const key3 in data35){
const _errs108 = errors;
if(typeof key3 === "string"){
if(key3.length > 253){
const err85 = {instancePath:instancePath+"/realServers",schemaPath:"#/definitions/hostName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema23,data:key3,propertyName:key3};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if(!pattern8.test(key3)){
const err86 = {instancePath:instancePath+"/realServers",schemaPath:"#/definitions/hostName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$"+"\"",schema:"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$",parentSchema:schema23,data:key3,propertyName:key3};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
else {
const err87 = {instancePath:instancePath+"/realServers",schemaPath:"#/definitions/hostName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema23.type,parentSchema:schema23,data:key3,propertyName:key3};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
var valid35 = _errs108 === errors;
if(!valid35){
const err88 = {instancePath:instancePath+"/realServers",schemaPath:"#/properties/realServers/oneOf/1/propertyNames",keyword:"propertyNames",params:{propertyName: key3},message:"property name must be valid",schema:schema49.properties.realServers.oneOf[1].propertyNames,parentSchema:schema49.properties.realServers.oneOf[1],data:data35};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
for(const key4 in data35){
if(!(validate41(data35[key4], {instancePath:instancePath+"/realServers/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data35,parentDataProperty:key4,rootData}))){
vErrors = vErrors === null ? validate41.errors : vErrors.concat(validate41.errors);
errors = vErrors.length;
}
}
}
else {
const err89 = {instancePath:instancePath+"/realServers",schemaPath:"#/properties/realServers/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema49.properties.realServers.oneOf[1].type,parentSchema:schema49.properties.realServers.oneOf[1],data:data35};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
var _valid4 = _errs106 === errors;
if(_valid4 && valid30){
valid30 = false;
passing4 = [passing4, 1];
}
else {
if(_valid4){
valid30 = true;
passing4 = 1;
}
}
if(!valid30){
const err90 = {instancePath:instancePath+"/realServers",schemaPath:"#/properties/realServers/oneOf",keyword:"oneOf",params:{passingSchemas: passing4},message:"must match exactly one schema in oneOf",schema:schema49.properties.realServers.oneOf,parentSchema:schema49.properties.realServers,data:data35};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
else {
errors = _errs97;
if(vErrors !== null){
if(_errs97){
vErrors.length = _errs97;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err91 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema49.type,parentSchema:schema49,data};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
validate23.errors = vErrors;
return errors === 0;
}


function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
/*# sourceURL="topology.schema.json" */;
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.version === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "version"},message:"must have required property '"+"version"+"'",schema:schema11.required,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.name === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema11.required,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.hosts === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "hosts"},message:"must have required property '"+"hosts"+"'",schema:schema11.required,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.services === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "services"},message:"must have required property '"+"services"+"'",schema:schema11.required,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!((func2.call(schema11.properties, key0)) || (pattern0.test(key0)))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.version !== undefined){
let data0 = data.version;
if(1 !== data0){
const err5 = {instancePath:instancePath+"/version",schemaPath:"#/properties/version/const",keyword:"const",params:{allowedValue: 1},message:"must be equal to constant",schema:1,parentSchema:schema11.properties.version,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.name !== undefined){
let data1 = data.name;
if(typeof data1 === "string"){
if(!pattern1.test(data1)){
const err6 = {instancePath:instancePath+"/name",schemaPath:"#/definitions/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",parentSchema:schema12,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/name",schemaPath:"#/definitions/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.type,parentSchema:schema12,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.ssh !== undefined){
if(!(validate11(data.ssh, {instancePath:instancePath+"/ssh",parentData:data,parentDataProperty:"ssh",rootData}))){
vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
errors = vErrors.length;
}
}
if(data.persist !== undefined){
let data3 = data.persist;
if(typeof data3 !== "boolean"){
const err8 = {instancePath:instancePath+"/persist",schemaPath:"#/properties/persist/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema11.properties.persist.type,parentSchema:schema11.properties.persist,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.networks !== undefined){
let data4 = data.networks;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
if(Object.keys(data4).length > 4096){
const err9 = {instancePath:instancePath+"/networks",schemaPath:"#/properties/networks/maxProperties",keyword:"maxProperties",params:{limit: 4096},message:"must NOT have more than 4096 properties",schema:4096,parentSchema:schema11.properties.networks,data:data4};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
for(const key1 in data4){
const _errs13 = errors;
if(typeof key1 === "string"){
if(!pattern1.test(key1)){
const err10 = {instancePath:instancePath+"/networks",schemaPath:"#/definitions/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",parentSchema:schema12,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/networks",schemaPath:"#/definitions/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.type,parentSchema:schema12,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
var valid4 = _errs13 === errors;
if(!valid4){
const err12 = {instancePath:instancePath+"/networks",schemaPath:"#/properties/networks/propertyNames",keyword:"propertyNames",params:{propertyName: key1},message:"property name must be valid",schema:schema11.properties.networks.propertyNames,parentSchema:schema11.properties.networks,data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
for(const key2 in data4){
if(!(validate13(data4[key2], {instancePath:instancePath+"/networks/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data4,parentDataProperty:key2,rootData}))){
vErrors = vErrors === null ? validate13.errors : vErrors.concat(validate13.errors);
errors = vErrors.length;
}
}
}
else {
const err13 = {instancePath:instancePath+"/networks",schemaPath:"#/properties/networks/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.networks.type,parentSchema:schema11.properties.networks,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.hosts !== undefined){
let data6 = data.hosts;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(Object.keys(data6).length > 20000){
const err14 = {instancePath:instancePath+"/hosts",schemaPath:"#/properties/hosts/maxProperties",keyword:"maxProperties",params:{limit: 20000},message:"must NOT have more than 20000 properties",schema:20000,parentSchema:schema11.properties.hosts,data:data6};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(Object.keys(data6).length < 1){
const err15 = {instancePath:instancePath+"/hosts",schemaPath:"#/properties/hosts/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema11.properties.hosts,data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
for(const key3 in data6){
const _errs20 = errors;
if(typeof key3 === "string"){
if(key3.length > 253){
const err16 = {instancePath:instancePath+"/hosts",schemaPath:"#/definitions/hostName/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters",schema:253,parentSchema:schema23,data:key3,propertyName:key3};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(!pattern8.test(key3)){
const err17 = {instancePath:instancePath+"/hosts",schemaPath:"#/definitions/hostName/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$"+"\"",schema:"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*$",parentSchema:schema23,data:key3,propertyName:key3};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
else {
const err18 = {instancePath:instancePath+"/hosts",schemaPath:"#/definitions/hostName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema23.type,parentSchema:schema23,data:key3,propertyName:key3};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
var valid7 = _errs20 === errors;
if(!valid7){
const err19 = {instancePath:instancePath+"/hosts",schemaPath:"#/properties/hosts/propertyNames",keyword:"propertyNames",params:{propertyName: key3},message:"property name must be valid",schema:schema11.properties.hosts.propertyNames,parentSchema:schema11.properties.hosts,data:data6};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
for(const key4 in data6){
if(!(validate15(data6[key4], {instancePath:instancePath+"/hosts/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data6,parentDataProperty:key4,rootData}))){
vErrors = vErrors === null ? validate15.errors : vErrors.concat(validate15.errors);
errors = vErrors.length;
}
}
}
else {
const err20 = {instancePath:instancePath+"/hosts",schemaPath:"#/properties/hosts/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.hosts.type,parentSchema:schema11.properties.hosts,data:data6};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.services !== undefined){
let data8 = data.services;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
if(Object.keys(data8).length > 10000){
const err21 = {instancePath:instancePath+"/services",schemaPath:"#/properties/services/maxProperties",keyword:"maxProperties",params:{limit: 10000},message:"must NOT have more than 10000 properties",schema:10000,parentSchema:schema11.properties.services,data:data8};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(Object.keys(data8).length < 1){
const err22 = {instancePath:instancePath+"/services",schemaPath:"#/properties/services/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema11.properties.services,data:data8};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
for(const key5 in data8){
const _errs27 = errors;
if(typeof key5 === "string"){
if(!pattern1.test(key5)){
const err23 = {instancePath:instancePath+"/services",schemaPath:"#/definitions/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"},message:"must match pattern \""+"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"+"\"",schema:"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$",parentSchema:schema12,data:key5,propertyName:key5};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
else {
const err24 = {instancePath:instancePath+"/services",schemaPath:"#/definitions/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.type,parentSchema:schema12,data:key5,propertyName:key5};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
var valid10 = _errs27 === errors;
if(!valid10){
const err25 = {instancePath:instancePath+"/services",schemaPath:"#/properties/services/propertyNames",keyword:"propertyNames",params:{propertyName: key5},message:"property name must be valid",schema:schema11.properties.services.propertyNames,parentSchema:schema11.properties.services,data:data8};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
for(const key6 in data8){
if(!(validate23(data8[key6], {instancePath:instancePath+"/services/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data8,parentDataProperty:key6,rootData}))){
vErrors = vErrors === null ? validate23.errors : vErrors.concat(validate23.errors);
errors = vErrors.length;
}
}
}
else {
const err26 = {instancePath:instancePath+"/services",schemaPath:"#/properties/services/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.properties.services.type,parentSchema:schema11.properties.services,data:data8};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data.timeouts !== undefined){
let data10 = data.timeouts;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(Object.keys(data10).length < 1){
const err27 = {instancePath:instancePath+"/timeouts",schemaPath:"#/definitions/timeouts/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema89,data:data10};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
for(const key7 in data10){
if(!(((key7 === "tcp") || (key7 === "tcpfin")) || (key7 === "udp"))){
const err28 = {instancePath:instancePath+"/timeouts",schemaPath:"#/definitions/timeouts/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},message:"must NOT have additional properties",schema:false,parentSchema:schema89,data:data10};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data10.tcp !== undefined){
let data11 = data10.tcp;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
const err29 = {instancePath:instancePath+"/timeouts/tcp",schemaPath:"#/definitions/timeouts/properties/tcp/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema89.properties.tcp.type,parentSchema:schema89.properties.tcp,data:data11};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 > 2147483 || isNaN(data11)){
const err30 = {instancePath:instancePath+"/timeouts/tcp",schemaPath:"#/definitions/timeouts/properties/tcp/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483},message:"must be <= 2147483",schema:2147483,parentSchema:schema89.properties.tcp,data:data11};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(data11 < 1 || isNaN(data11)){
const err31 = {instancePath:instancePath+"/timeouts/tcp",schemaPath:"#/definitions/timeouts/properties/tcp/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema89.properties.tcp,data:data11};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
}
if(data10.tcpfin !== undefined){
let data12 = data10.tcpfin;
if(!(((typeof data12 == "number") && (!(data12 % 1) && !isNaN(data12))) && (isFinite(data12)))){
const err32 = {instancePath:instancePath+"/timeouts/tcpfin",schemaPath:"#/definitions/timeouts/properties/tcpfin/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema89.properties.tcpfin.type,parentSchema:schema89.properties.tcpfin,data:data12};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if((typeof data12 == "number") && (isFinite(data12))){
if(data12 > 2147483 || isNaN(data12)){
const err33 = {instancePath:instancePath+"/timeouts/tcpfin",schemaPath:"#/definitions/timeouts/properties/tcpfin/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483},message:"must be <= 2147483",schema:2147483,parentSchema:schema89.properties.tcpfin,data:data12};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(data12 < 1 || isNaN(data12)){
const err34 = {instancePath:instancePath+"/timeouts/tcpfin",schemaPath:"#/definitions/timeouts/properties/tcpfin/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema89.properties.tcpfin,data:data12};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
}
if(data10.udp !== undefined){
let data13 = data10.udp;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
const err35 = {instancePath:instancePath+"/timeouts/udp",schemaPath:"#/definitions/timeouts/properties/udp/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema89.properties.udp.type,parentSchema:schema89.properties.udp,data:data13};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 > 2147483 || isNaN(data13)){
const err36 = {instancePath:instancePath+"/timeouts/udp",schemaPath:"#/definitions/timeouts/properties/udp/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483},message:"must be <= 2147483",schema:2147483,parentSchema:schema89.properties.udp,data:data13};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(data13 < 1 || isNaN(data13)){
const err37 = {instancePath:instancePath+"/timeouts/udp",schemaPath:"#/definitions/timeouts/properties/udp/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema89.properties.udp,data:data13};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
}
}
else {
const err38 = {instancePath:instancePath+"/timeouts",schemaPath:"#/definitions/timeouts/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema89.type,parentSchema:schema89,data:data10};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data.verify !== undefined){
let data14 = data.verify;
if(data14 && typeof data14 == "object" && !Array.isArray(data14)){
for(const key8 in data14){
if(!((key8 === "requests") || (key8 === "timeout"))){
const err39 = {instancePath:instancePath+"/verify",schemaPath:"#/definitions/verify/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},message:"must NOT have additional properties",schema:false,parentSchema:schema90,data:data14};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
if(data14.requests !== undefined){
let data15 = data14.requests;
if(!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))){
const err40 = {instancePath:instancePath+"/verify/requests",schemaPath:"#/definitions/verify/properties/requests/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema90.properties.requests.type,parentSchema:schema90.properties.requests,data:data15};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 > 10000 || isNaN(data15)){
const err41 = {instancePath:instancePath+"/verify/requests",schemaPath:"#/definitions/verify/properties/requests/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000},message:"must be <= 10000",schema:10000,parentSchema:schema90.properties.requests,data:data15};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(data15 < 1 || isNaN(data15)){
const err42 = {instancePath:instancePath+"/verify/requests",schemaPath:"#/definitions/verify/properties/requests/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema90.properties.requests,data:data15};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
}
if(data14.timeout !== undefined){
let data16 = data14.timeout;
if(!(((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16))) && (isFinite(data16)))){
const err43 = {instancePath:instancePath+"/verify/timeout",schemaPath:"#/definitions/verify/properties/timeout/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema90.properties.timeout.type,parentSchema:schema90.properties.timeout,data:data16};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if((typeof data16 == "number") && (isFinite(data16))){
if(data16 > 300 || isNaN(data16)){
const err44 = {instancePath:instancePath+"/verify/timeout",schemaPath:"#/definitions/verify/properties/timeout/maximum",keyword:"maximum",params:{comparison: "<=", limit: 300},message:"must be <= 300",schema:300,parentSchema:schema90.properties.timeout,data:data16};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(data16 < 1 || isNaN(data16)){
const err45 = {instancePath:instancePath+"/verify/timeout",schemaPath:"#/definitions/verify/properties/timeout/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema90.properties.timeout,data:data16};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
}
}
else {
const err46 = {instancePath:instancePath+"/verify",schemaPath:"#/definitions/verify/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema90.type,parentSchema:schema90,data:data14};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
}
else {
const err47 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.type,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}
