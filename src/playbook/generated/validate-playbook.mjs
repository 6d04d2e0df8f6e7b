// Generated from schemas/playbook.schema.json by scripts/generate.mjs. Change the schema, then run `npm run generate`.
export const validatePlaybook = validate10;
const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","title":"Playbook","description":"What a forwarding mode or a feature needs on each role, in order, and why. Texts may hold expressions, ${{ service.port }}; `when` and `repeat` are bare expressions.","type":"object","required":["playbook","kind","title","summary","steps"],"additionalProperties":false,"properties":{"playbook":{"title":"Playbook name","description":"The name of the playbook: small letters, digits and hyphens.","examples":["dr","my-mode"],"type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$"},"kind":{"title":"Playbook kind","description":"mode: how a service forwards, chosen by the service's `mode`. feature: for every service for which `when` holds. host: for every host, whatever its services.","examples":["mode"],"type":"string","enum":["mode","feature","host"]},"title":{"$ref":"#/definitions/text","description":"What it is called, in a few words."},"summary":{"$ref":"#/definitions/text","description":"What it does, in one or two sentences."},"when":{"title":"Condition","description":"For a feature: the expression that tells whether a service has it.","examples":["service.testPage","has(service.publish)"],"type":"string","minLength":1,"maxLength":2000},"traits":{"$ref":"#/definitions/traits"},"steps":{"title":"Steps","description":"What is needed, in order; stages run in their own order, and steps of one stage on one host in the order of the file.","type":"array","minItems":1,"maxItems":100,"items":{"$ref":"#/definitions/step"}},"example":{"title":"Example","description":"For a mode: the topology file among lvsctl's examples on which `lvsctl explain MODE` shows the packet's path.","examples":["dr.yaml"],"type":"string","pattern":"^[a-z0-9][a-z0-9-]{0,62}\\.yaml$"},"path":{"title":"Path","description":"What happens to a packet on its way, host by host; `lvsctl explain` shows it. Between these points a packet goes where the hosts' routes lead it.","type":"array","minItems":1,"maxItems":30,"items":{"$ref":"#/definitions/pathPoint"}},"checks":{"title":"Checks","description":"What `lvsctl verify` looks at besides the answers: counters of the kernel that requests have to move.","type":"array","minItems":1,"maxItems":30,"items":{"$ref":"#/definitions/check"}}},"definitions":{"text":{"title":"Text","description":"A text for people: English alone, or English (en) and Chinese (zh).","examples":["The VIP belongs to the director."],"oneOf":[{"title":"a text","type":"string","minLength":1,"maxLength":2000},{"title":"a map with en and zh","type":"object","required":["en"],"additionalProperties":false,"properties":{"en":{"description":"The text in English.","type":"string","minLength":1,"maxLength":2000},"zh":{"description":"The text in Chinese.","type":"string","minLength":1,"maxLength":2000}}}]},"traits":{"title":"Traits","description":"For a mode: what lvsctl has to know of it to judge a topology. What is left out is unknown, and checks that would have to know it do not take place.","examples":[{"answeredBy":"real-server","rewrites":{},"reach":"segment","settings":{"arp":"optional"}}],"type":"object","additionalProperties":false,"properties":{"answeredBy":{"title":"Who answers","description":"Who sends the replies to clients. real-server: the real servers themselves, past the director. director: replies return to the director, which sends them on.","examples":["real-server"],"type":"string","enum":["director","real-server"]},"rewrites":{"title":"Rewrites","description":"What the director changes in a request: always, or only where a service has the setting that is named. Parts that are not named stay as they are; {} says that nothing is changed.","examples":[{"destination":"always","source":"masquerade"}],"type":"object","additionalProperties":false,"properties":{"source":{"$ref":"#/definitions/rewritten","description":"The client's address, in whose place the director puts one of its own."},"destination":{"$ref":"#/definitions/rewritten","description":"The VIP, in whose place the director puts the real server's address."},"outer":{"$ref":"#/definitions/rewritten","description":"A header that the director puts around the request: a tunnel."}}},"mapsPorts":{"title":"Port mapping","description":"Whether a real server can listen on another port than the service's.","examples":[true],"type":"boolean"},"reach":{"title":"Reach","description":"Where real servers can be. segment: on a segment of the director's. routed: wherever the director has a route to.","examples":["segment"],"type":"string","enum":["segment","routed"]},"localNode":{"title":"Local node","description":"Whether a director can be one of its own real servers.","examples":[false],"type":"boolean"},"mixedFamilies":{"title":"Mixed families","description":"Whether requests of one address family can reach real servers at addresses of the other one: an IPv6 service with IPv4 real servers, and the reverse. That takes a header around each request, `outer: always`.","examples":[true],"type":"boolean"},"settings":{"title":"Settings","description":"The settings of a service that mean something in this mode, each with `optional` or `required`. lvsctl refuses those that are not named, because they would do nothing.","examples":[{"localAddresses":"required"}],"type":"object","additionalProperties":false,"properties":{"tunnel":{"$ref":"#/definitions/settingUse","description":"The setting `tunnel`."},"mssClamp":{"$ref":"#/definitions/settingUse","description":"The setting `mssClamp`."},"masquerade":{"$ref":"#/definitions/settingUse","description":"The setting `masquerade`."},"internet":{"$ref":"#/definitions/settingUse","description":"The setting `internet`."},"localAddresses":{"$ref":"#/definitions/settingUse","description":"The setting `localAddresses`."},"arp":{"$ref":"#/definitions/settingUse","description":"The setting `arp`."}}},"otherNames":{"title":"Other names","description":"What other programs and people call this mode, in small letters and without spaces, hyphens and the `lvs-` or `vs/` before it. Whoever writes one of them as a `mode` is told this one.","examples":[["gate","directrouting"]],"type":"array","maxItems":32,"uniqueItems":true,"items":{"description":"One of them.","type":"string","pattern":"^[a-z0-9]{1,32}$"}}}},"rewritten":{"title":"When it is rewritten","description":"`always`, or the setting of a service that switches it on.","examples":["always"],"type":"string","enum":["always","tunnel","mssClamp","masquerade","internet","localAddresses","arp"]},"settingUse":{"title":"Use of a setting","description":"A service may have an optional setting, and must have a required one.","examples":["optional"],"type":"string","enum":["optional","required"]},"step":{"title":"Step","description":"One thing that is needed on some hosts.","type":"object","required":["id","on","stage","resource","with","why"],"additionalProperties":false,"properties":{"id":{"title":"Step id","description":"A name for the step, unique in the playbook: small letters, digits and hyphens.","examples":["vip-on-real-server"],"type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$"},"on":{"title":"Target","description":"Where the step runs. `director` and `real-server` are those of the service, and bind `director` and `rs`; in a host playbook any role, or `any`. An expression ${{ … }} gives the name of a host, or a list of names.","examples":["real-server","${{ service.publish.on }}"],"type":"string","minLength":1,"maxLength":2000},"repeat":{"title":"Repetition","description":"Names, each with an expression that gives a list: the step is written once for each element, which the name stands for. A later list may use an earlier name.","examples":[{"rs":"service.realServers"}],"type":"object","minProperties":1,"maxProperties":3,"propertyNames":{"title":"Variable name","pattern":"^[a-z][A-Za-z0-9_]{0,31}$"},"additionalProperties":{"description":"An expression that gives a list.","type":"string","minLength":1,"maxLength":2000}},"when":{"title":"Condition","description":"An expression; the step is written only where it is true.","examples":["service.arp == \"sysctl\""],"type":"string","minLength":1,"maxLength":2000},"stage":{"title":"Stage","description":"When the step runs. A stage begins when the one before has succeeded on every host; destroy goes through them backwards.","examples":["virtual-service"],"type":"string","enum":["kernel-modules","base-network","real-server-arp","real-server-address","real-server-web","director-network","virtual-service","real-servers","announce","publish","marks"]},"resource":{"title":"Resource kind","description":"What is made: address, route, sysctl, kernel-module, iptables-rule, ipvs-service, ipvs-destination, gratuitous-arp, file, web-server and others.","examples":["sysctl"],"type":"string","minLength":1,"maxLength":63},"with":{"title":"Properties of the resource","description":"What the resource is to be; the properties are those of its kind. A property that is ${{ service.?field }} is left out where the field is absent.","examples":[{"address":"${{ service.vip.address }}","prefix":32,"device":"lo"}],"type":"object","maxProperties":32,"additionalProperties":true},"follows":{"title":"Followed steps","description":"For an action such as gratuitous-arp: it runs when a resource of one of these steps has changed on the same host.","examples":[["vip-on-director"]],"type":"array","minItems":1,"maxItems":100,"uniqueItems":true,"items":{"description":"The id of a step.","type":"string","maxLength":63}},"why":{"$ref":"#/definitions/text","description":"Why it is needed, in one or two sentences; plans and `lvsctl explain` show it."},"note":{"$ref":"#/definitions/text","description":"Something unexpected that a user has to know before an apply; every plan with this step shows it once per service."}}},"check":{"title":"Check","description":"A counter of the kernel that is read before and after the requests of `lvsctl verify`.","type":"object","required":["id","on","counter","holds","why"],"additionalProperties":false,"properties":{"id":{"title":"Check id","description":"A name for the check: small letters, digits and hyphens.","examples":["handshakes"],"type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$"},"on":{"title":"Host","description":"Whose counter it is: an expression ${{ … }} that gives the name of a host, or a list of names.","examples":["${{ service.synproxy.on }}"],"type":"string","minLength":1,"maxLength":2000},"counter":{"title":"Counter","description":"A column of a table under /proc/net/stat, added up over all processors.","examples":[{"file":"/proc/net/stat/synproxy","column":"cookie_valid"}],"type":"object","required":["file","column"],"additionalProperties":false,"properties":{"file":{"title":"Table","description":"The table: a line of names, then for each processor a line of hexadecimal numbers.","examples":["/proc/net/stat/nf_conntrack"],"type":"string","pattern":"^/proc/net/stat/[a-z0-9_]{1,40}$"},"column":{"title":"Column","description":"The name of the column.","examples":["cookie_valid"],"type":"string","pattern":"^[a-z0-9_]{1,40}$"}}},"holds":{"title":"Condition","description":"An expression that tells whether all is well; `grown` is by how much the counter has grown, `answered` how many of the service's requests were answered meanwhile.","examples":["grown >= answered"],"type":"string","minLength":1,"maxLength":2000},"why":{"$ref":"#/definitions/text","description":"What it means where it does not hold, in one or two sentences."}}},"pathPoint":{"title":"Point on the path","description":"What one host does to the packets that pass it.","type":"object","required":["on","direction","why"],"additionalProperties":false,"properties":{"on":{"title":"Host","description":"Where it happens: `director`, `real-server`, `client`, or an expression ${{ … }} that gives the name of a host, or a list of names.","examples":["director","${{ service.publish.on }}"],"type":"string","minLength":1,"maxLength":2000},"direction":{"title":"Direction","description":"Whether it happens to requests or to replies.","examples":["request"],"type":"string","enum":["request","reply"]},"when":{"title":"Condition","description":"An expression; the point is there only where it is true.","examples":["service.masquerade"],"type":"string","minLength":1,"maxLength":2000},"packet":{"title":"Packet","description":"What of the packet is different when it leaves the host: source, sourcePort, destination, destinationPort; next, the neighbour's address to which the frame goes instead of where the routes lead; outer, a header around the packet with source, destination and protocol, or none to take it off.","examples":[{"destination":"${{ rs.address }}","destinationPort":"${{ rs.port }}"}],"type":"object","maxProperties":8,"additionalProperties":true},"why":{"$ref":"#/definitions/text","description":"What happens here and why, in one or two sentences."}}}}};
const schema12 = {"title":"Text","description":"A text for people: English alone, or English (en) and Chinese (zh).","examples":["The VIP belongs to the director."],"oneOf":[{"title":"a text","type":"string","minLength":1,"maxLength":2000},{"title":"a map with en and zh","type":"object","required":["en"],"additionalProperties":false,"properties":{"en":{"description":"The text in English.","type":"string","minLength":1,"maxLength":2000},"zh":{"description":"The text in Chinese.","type":"string","minLength":1,"maxLength":2000}}}]};
const func2 = Object.prototype.hasOwnProperty;
const pattern0 = new RegExp("^[a-z][a-z0-9-]{0,62}$", "u");
const pattern4 = new RegExp("^[a-z0-9][a-z0-9-]{0,62}\\.yaml$", "u");
const schema14 = {"title":"Traits","description":"For a mode: what lvsctl has to know of it to judge a topology. What is left out is unknown, and checks that would have to know it do not take place.","examples":[{"answeredBy":"real-server","rewrites":{},"reach":"segment","settings":{"arp":"optional"}}],"type":"object","additionalProperties":false,"properties":{"answeredBy":{"title":"Who answers","description":"Who sends the replies to clients. real-server: the real servers themselves, past the director. director: replies return to the director, which sends them on.","examples":["real-server"],"type":"string","enum":["director","real-server"]},"rewrites":{"title":"Rewrites","description":"What the director changes in a request: always, or only where a service has the setting that is named. Parts that are not named stay as they are; {} says that nothing is changed.","examples":[{"destination":"always","source":"masquerade"}],"type":"object","additionalProperties":false,"properties":{"source":{"$ref":"#/definitions/rewritten","description":"The client's address, in whose place the director puts one of its own."},"destination":{"$ref":"#/definitions/rewritten","description":"The VIP, in whose place the director puts the real server's address."},"outer":{"$ref":"#/definitions/rewritten","description":"A header that the director puts around the request: a tunnel."}}},"mapsPorts":{"title":"Port mapping","description":"Whether a real server can listen on another port than the service's.","examples":[true],"type":"boolean"},"reach":{"title":"Reach","description":"Where real servers can be. segment: on a segment of the director's. routed: wherever the director has a route to.","examples":["segment"],"type":"string","enum":["segment","routed"]},"localNode":{"title":"Local node","description":"Whether a director can be one of its own real servers.","examples":[false],"type":"boolean"},"mixedFamilies":{"title":"Mixed families","description":"Whether requests of one address family can reach real servers at addresses of the other one: an IPv6 service with IPv4 real servers, and the reverse. That takes a header around each request, `outer: always`.","examples":[true],"type":"boolean"},"settings":{"title":"Settings","description":"The settings of a service that mean something in this mode, each with `optional` or `required`. lvsctl refuses those that are not named, because they would do nothing.","examples":[{"localAddresses":"required"}],"type":"object","additionalProperties":false,"properties":{"tunnel":{"$ref":"#/definitions/settingUse","description":"The setting `tunnel`."},"mssClamp":{"$ref":"#/definitions/settingUse","description":"The setting `mssClamp`."},"masquerade":{"$ref":"#/definitions/settingUse","description":"The setting `masquerade`."},"internet":{"$ref":"#/definitions/settingUse","description":"The setting `internet`."},"localAddresses":{"$ref":"#/definitions/settingUse","description":"The setting `localAddresses`."},"arp":{"$ref":"#/definitions/settingUse","description":"The setting `arp`."}}},"otherNames":{"title":"Other names","description":"What other programs and people call this mode, in small letters and without spaces, hyphens and the `lvs-` or `vs/` before it. Whoever writes one of them as a `mode` is told this one.","examples":[["gate","directrouting"]],"type":"array","maxItems":32,"uniqueItems":true,"items":{"description":"One of them.","type":"string","pattern":"^[a-z0-9]{1,32}$"}}}};
const schema15 = {"title":"When it is rewritten","description":"`always`, or the setting of a service that switches it on.","examples":["always"],"type":"string","enum":["always","tunnel","mssClamp","masquerade","internet","localAddresses","arp"]};
const schema18 = {"title":"Use of a setting","description":"A service may have an optional setting, and must have a required one.","examples":["optional"],"type":"string","enum":["optional","required"]};
const pattern1 = new RegExp("^[a-z0-9]{1,32}$", "u");

function validate11(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!((((((((key0 === "answeredBy") || (key0 === "rewrites")) || (key0 === "mapsPorts")) || (key0 === "reach")) || (key0 === "localNode")) || (key0 === "mixedFamilies")) || (key0 === "settings")) || (key0 === "otherNames"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema14,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.answeredBy !== undefined){
let data0 = data.answeredBy;
if(typeof data0 !== "string"){
const err1 = {instancePath:instancePath+"/answeredBy",schemaPath:"#/properties/answeredBy/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema14.properties.answeredBy.type,parentSchema:schema14.properties.answeredBy,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(!((data0 === "director") || (data0 === "real-server"))){
const err2 = {instancePath:instancePath+"/answeredBy",schemaPath:"#/properties/answeredBy/enum",keyword:"enum",params:{allowedValues: schema14.properties.answeredBy.enum},message:"must be equal to one of the allowed values",schema:schema14.properties.answeredBy.enum,parentSchema:schema14.properties.answeredBy,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.rewrites !== undefined){
let data1 = data.rewrites;
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
for(const key1 in data1){
if(!(((key1 === "source") || (key1 === "destination")) || (key1 === "outer"))){
const err3 = {instancePath:instancePath+"/rewrites",schemaPath:"#/properties/rewrites/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema14.properties.rewrites,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data1.source !== undefined){
let data2 = data1.source;
if(typeof data2 !== "string"){
const err4 = {instancePath:instancePath+"/rewrites/source",schemaPath:"#/definitions/rewritten/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema15.type,parentSchema:schema15,data:data2};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(!(((((((data2 === "always") || (data2 === "tunnel")) || (data2 === "mssClamp")) || (data2 === "masquerade")) || (data2 === "internet")) || (data2 === "localAddresses")) || (data2 === "arp"))){
const err5 = {instancePath:instancePath+"/rewrites/source",schemaPath:"#/definitions/rewritten/enum",keyword:"enum",params:{allowedValues: schema15.enum},message:"must be equal to one of the allowed values",schema:schema15.enum,parentSchema:schema15,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data1.destination !== undefined){
let data3 = data1.destination;
if(typeof data3 !== "string"){
const err6 = {instancePath:instancePath+"/rewrites/destination",schemaPath:"#/definitions/rewritten/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema15.type,parentSchema:schema15,data:data3};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(!(((((((data3 === "always") || (data3 === "tunnel")) || (data3 === "mssClamp")) || (data3 === "masquerade")) || (data3 === "internet")) || (data3 === "localAddresses")) || (data3 === "arp"))){
const err7 = {instancePath:instancePath+"/rewrites/destination",schemaPath:"#/definitions/rewritten/enum",keyword:"enum",params:{allowedValues: schema15.enum},message:"must be equal to one of the allowed values",schema:schema15.enum,parentSchema:schema15,data:data3};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data1.outer !== undefined){
let data4 = data1.outer;
if(typeof data4 !== "string"){
const err8 = {instancePath:instancePath+"/rewrites/outer",schemaPath:"#/definitions/rewritten/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema15.type,parentSchema:schema15,data:data4};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(!(((((((data4 === "always") || (data4 === "tunnel")) || (data4 === "mssClamp")) || (data4 === "masquerade")) || (data4 === "internet")) || (data4 === "localAddresses")) || (data4 === "arp"))){
const err9 = {instancePath:instancePath+"/rewrites/outer",schemaPath:"#/definitions/rewritten/enum",keyword:"enum",params:{allowedValues: schema15.enum},message:"must be equal to one of the allowed values",schema:schema15.enum,parentSchema:schema15,data:data4};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
}
else {
const err10 = {instancePath:instancePath+"/rewrites",schemaPath:"#/properties/rewrites/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema14.properties.rewrites.type,parentSchema:schema14.properties.rewrites,data:data1};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.mapsPorts !== undefined){
let data5 = data.mapsPorts;
if(typeof data5 !== "boolean"){
const err11 = {instancePath:instancePath+"/mapsPorts",schemaPath:"#/properties/mapsPorts/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema14.properties.mapsPorts.type,parentSchema:schema14.properties.mapsPorts,data:data5};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.reach !== undefined){
let data6 = data.reach;
if(typeof data6 !== "string"){
const err12 = {instancePath:instancePath+"/reach",schemaPath:"#/properties/reach/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema14.properties.reach.type,parentSchema:schema14.properties.reach,data:data6};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(!((data6 === "segment") || (data6 === "routed"))){
const err13 = {instancePath:instancePath+"/reach",schemaPath:"#/properties/reach/enum",keyword:"enum",params:{allowedValues: schema14.properties.reach.enum},message:"must be equal to one of the allowed values",schema:schema14.properties.reach.enum,parentSchema:schema14.properties.reach,data:data6};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.localNode !== undefined){
let data7 = data.localNode;
if(typeof data7 !== "boolean"){
const err14 = {instancePath:instancePath+"/localNode",schemaPath:"#/properties/localNode/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema14.properties.localNode.type,parentSchema:schema14.properties.localNode,data:data7};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.mixedFamilies !== undefined){
let data8 = data.mixedFamilies;
if(typeof data8 !== "boolean"){
const err15 = {instancePath:instancePath+"/mixedFamilies",schemaPath:"#/properties/mixedFamilies/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema14.properties.mixedFamilies.type,parentSchema:schema14.properties.mixedFamilies,data:data8};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.settings !== undefined){
let data9 = data.settings;
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
for(const key2 in data9){
if(!((((((key2 === "tunnel") || (key2 === "mssClamp")) || (key2 === "masquerade")) || (key2 === "internet")) || (key2 === "localAddresses")) || (key2 === "arp"))){
const err16 = {instancePath:instancePath+"/settings",schemaPath:"#/properties/settings/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema14.properties.settings,data:data9};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data9.tunnel !== undefined){
let data10 = data9.tunnel;
if(typeof data10 !== "string"){
const err17 = {instancePath:instancePath+"/settings/tunnel",schemaPath:"#/definitions/settingUse/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema18.type,parentSchema:schema18,data:data10};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(!((data10 === "optional") || (data10 === "required"))){
const err18 = {instancePath:instancePath+"/settings/tunnel",schemaPath:"#/definitions/settingUse/enum",keyword:"enum",params:{allowedValues: schema18.enum},message:"must be equal to one of the allowed values",schema:schema18.enum,parentSchema:schema18,data:data10};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data9.mssClamp !== undefined){
let data11 = data9.mssClamp;
if(typeof data11 !== "string"){
const err19 = {instancePath:instancePath+"/settings/mssClamp",schemaPath:"#/definitions/settingUse/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema18.type,parentSchema:schema18,data:data11};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(!((data11 === "optional") || (data11 === "required"))){
const err20 = {instancePath:instancePath+"/settings/mssClamp",schemaPath:"#/definitions/settingUse/enum",keyword:"enum",params:{allowedValues: schema18.enum},message:"must be equal to one of the allowed values",schema:schema18.enum,parentSchema:schema18,data:data11};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data9.masquerade !== undefined){
let data12 = data9.masquerade;
if(typeof data12 !== "string"){
const err21 = {instancePath:instancePath+"/settings/masquerade",schemaPath:"#/definitions/settingUse/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema18.type,parentSchema:schema18,data:data12};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(!((data12 === "optional") || (data12 === "required"))){
const err22 = {instancePath:instancePath+"/settings/masquerade",schemaPath:"#/definitions/settingUse/enum",keyword:"enum",params:{allowedValues: schema18.enum},message:"must be equal to one of the allowed values",schema:schema18.enum,parentSchema:schema18,data:data12};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data9.internet !== undefined){
let data13 = data9.internet;
if(typeof data13 !== "string"){
const err23 = {instancePath:instancePath+"/settings/internet",schemaPath:"#/definitions/settingUse/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema18.type,parentSchema:schema18,data:data13};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(!((data13 === "optional") || (data13 === "required"))){
const err24 = {instancePath:instancePath+"/settings/internet",schemaPath:"#/definitions/settingUse/enum",keyword:"enum",params:{allowedValues: schema18.enum},message:"must be equal to one of the allowed values",schema:schema18.enum,parentSchema:schema18,data:data13};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data9.localAddresses !== undefined){
let data14 = data9.localAddresses;
if(typeof data14 !== "string"){
const err25 = {instancePath:instancePath+"/settings/localAddresses",schemaPath:"#/definitions/settingUse/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema18.type,parentSchema:schema18,data:data14};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
if(!((data14 === "optional") || (data14 === "required"))){
const err26 = {instancePath:instancePath+"/settings/localAddresses",schemaPath:"#/definitions/settingUse/enum",keyword:"enum",params:{allowedValues: schema18.enum},message:"must be equal to one of the allowed values",schema:schema18.enum,parentSchema:schema18,data:data14};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data9.arp !== undefined){
let data15 = data9.arp;
if(typeof data15 !== "string"){
const err27 = {instancePath:instancePath+"/settings/arp",schemaPath:"#/definitions/settingUse/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema18.type,parentSchema:schema18,data:data15};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(!((data15 === "optional") || (data15 === "required"))){
const err28 = {instancePath:instancePath+"/settings/arp",schemaPath:"#/definitions/settingUse/enum",keyword:"enum",params:{allowedValues: schema18.enum},message:"must be equal to one of the allowed values",schema:schema18.enum,parentSchema:schema18,data:data15};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
else {
const err29 = {instancePath:instancePath+"/settings",schemaPath:"#/properties/settings/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema14.properties.settings.type,parentSchema:schema14.properties.settings,data:data9};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data.otherNames !== undefined){
let data16 = data.otherNames;
if(Array.isArray(data16)){
if(data16.length > 32){
const err30 = {instancePath:instancePath+"/otherNames",schemaPath:"#/properties/otherNames/maxItems",keyword:"maxItems",params:{limit: 32},message:"must NOT have more than 32 items",schema:32,parentSchema:schema14.properties.otherNames,data:data16};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
const len0 = data16.length;
for(let i0=0; i0<len0; i0++){
let data17 = data16[i0];
if(typeof data17 === "string"){
if(!pattern1.test(data17)){
const err31 = {instancePath:instancePath+"/otherNames/" + i0,schemaPath:"#/properties/otherNames/items/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]{1,32}$"},message:"must match pattern \""+"^[a-z0-9]{1,32}$"+"\"",schema:"^[a-z0-9]{1,32}$",parentSchema:schema14.properties.otherNames.items,data:data17};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
else {
const err32 = {instancePath:instancePath+"/otherNames/" + i0,schemaPath:"#/properties/otherNames/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema14.properties.otherNames.items.type,parentSchema:schema14.properties.otherNames.items,data:data17};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
let i1 = data16.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data16[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err33 = {instancePath:instancePath+"/otherNames",schemaPath:"#/properties/otherNames/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema14.properties.otherNames,data:data16};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err34 = {instancePath:instancePath+"/otherNames",schemaPath:"#/properties/otherNames/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema14.properties.otherNames.type,parentSchema:schema14.properties.otherNames,data:data16};
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
else {
const err35 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema14.type,parentSchema:schema14,data};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
validate11.errors = vErrors;
return errors === 0;
}

const schema24 = {"title":"Step","description":"One thing that is needed on some hosts.","type":"object","required":["id","on","stage","resource","with","why"],"additionalProperties":false,"properties":{"id":{"title":"Step id","description":"A name for the step, unique in the playbook: small letters, digits and hyphens.","examples":["vip-on-real-server"],"type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$"},"on":{"title":"Target","description":"Where the step runs. `director` and `real-server` are those of the service, and bind `director` and `rs`; in a host playbook any role, or `any`. An expression ${{ … }} gives the name of a host, or a list of names.","examples":["real-server","${{ service.publish.on }}"],"type":"string","minLength":1,"maxLength":2000},"repeat":{"title":"Repetition","description":"Names, each with an expression that gives a list: the step is written once for each element, which the name stands for. A later list may use an earlier name.","examples":[{"rs":"service.realServers"}],"type":"object","minProperties":1,"maxProperties":3,"propertyNames":{"title":"Variable name","pattern":"^[a-z][A-Za-z0-9_]{0,31}$"},"additionalProperties":{"description":"An expression that gives a list.","type":"string","minLength":1,"maxLength":2000}},"when":{"title":"Condition","description":"An expression; the step is written only where it is true.","examples":["service.arp == \"sysctl\""],"type":"string","minLength":1,"maxLength":2000},"stage":{"title":"Stage","description":"When the step runs. A stage begins when the one before has succeeded on every host; destroy goes through them backwards.","examples":["virtual-service"],"type":"string","enum":["kernel-modules","base-network","real-server-arp","real-server-address","real-server-web","director-network","virtual-service","real-servers","announce","publish","marks"]},"resource":{"title":"Resource kind","description":"What is made: address, route, sysctl, kernel-module, iptables-rule, ipvs-service, ipvs-destination, gratuitous-arp, file, web-server and others.","examples":["sysctl"],"type":"string","minLength":1,"maxLength":63},"with":{"title":"Properties of the resource","description":"What the resource is to be; the properties are those of its kind. A property that is ${{ service.?field }} is left out where the field is absent.","examples":[{"address":"${{ service.vip.address }}","prefix":32,"device":"lo"}],"type":"object","maxProperties":32,"additionalProperties":true},"follows":{"title":"Followed steps","description":"For an action such as gratuitous-arp: it runs when a resource of one of these steps has changed on the same host.","examples":[["vip-on-director"]],"type":"array","minItems":1,"maxItems":100,"uniqueItems":true,"items":{"description":"The id of a step.","type":"string","maxLength":63}},"why":{"$ref":"#/definitions/text","description":"Why it is needed, in one or two sentences; plans and `lvsctl explain` show it."},"note":{"$ref":"#/definitions/text","description":"Something unexpected that a user has to know before an apply; every plan with this step shows it once per service."}}};
const pattern3 = new RegExp("^[a-z][A-Za-z0-9_]{0,31}$", "u");

function validate13(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.id === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "id"},message:"must have required property '"+"id"+"'",schema:schema24.required,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.on === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "on"},message:"must have required property '"+"on"+"'",schema:schema24.required,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.stage === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "stage"},message:"must have required property '"+"stage"+"'",schema:schema24.required,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.resource === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "resource"},message:"must have required property '"+"resource"+"'",schema:schema24.required,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.with === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "with"},message:"must have required property '"+"with"+"'",schema:schema24.required,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.why === undefined){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "why"},message:"must have required property '"+"why"+"'",schema:schema24.required,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema24.properties, key0))){
const err6 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.id !== undefined){
let data0 = data.id;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err7 = {instancePath:instancePath+"/id",schemaPath:"#/properties/id/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},message:"must match pattern \""+"^[a-z][a-z0-9-]{0,62}$"+"\"",schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema24.properties.id,data:data0};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/id",schemaPath:"#/properties/id/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema24.properties.id.type,parentSchema:schema24.properties.id,data:data0};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.on !== undefined){
let data1 = data.on;
if(typeof data1 === "string"){
if(data1.length > 2000){
const err9 = {instancePath:instancePath+"/on",schemaPath:"#/properties/on/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema24.properties.on,data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data1.length < 1){
const err10 = {instancePath:instancePath+"/on",schemaPath:"#/properties/on/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema24.properties.on,data:data1};
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
const err11 = {instancePath:instancePath+"/on",schemaPath:"#/properties/on/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema24.properties.on.type,parentSchema:schema24.properties.on,data:data1};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.repeat !== undefined){
let data2 = data.repeat;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(Object.keys(data2).length > 3){
const err12 = {instancePath:instancePath+"/repeat",schemaPath:"#/properties/repeat/maxProperties",keyword:"maxProperties",params:{limit: 3},message:"must NOT have more than 3 properties",schema:3,parentSchema:schema24.properties.repeat,data:data2};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(Object.keys(data2).length < 1){
const err13 = {instancePath:instancePath+"/repeat",schemaPath:"#/properties/repeat/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema24.properties.repeat,data:data2};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
for(const key1 in data2){
const _errs8 = errors;
if(typeof key1 === "string"){
if(!pattern3.test(key1)){
const err14 = {instancePath:instancePath+"/repeat",schemaPath:"#/properties/repeat/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][A-Za-z0-9_]{0,31}$"},message:"must match pattern \""+"^[a-z][A-Za-z0-9_]{0,31}$"+"\"",schema:"^[a-z][A-Za-z0-9_]{0,31}$",parentSchema:schema24.properties.repeat.propertyNames,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
var valid1 = _errs8 === errors;
if(!valid1){
const err15 = {instancePath:instancePath+"/repeat",schemaPath:"#/properties/repeat/propertyNames",keyword:"propertyNames",params:{propertyName: key1},message:"property name must be valid",schema:schema24.properties.repeat.propertyNames,parentSchema:schema24.properties.repeat,data:data2};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
for(const key2 in data2){
let data3 = data2[key2];
if(typeof data3 === "string"){
if(data3.length > 2000){
const err16 = {instancePath:instancePath+"/repeat/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/repeat/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema24.properties.repeat.additionalProperties,data:data3};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(data3.length < 1){
const err17 = {instancePath:instancePath+"/repeat/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/repeat/additionalProperties/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema24.properties.repeat.additionalProperties,data:data3};
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
const err18 = {instancePath:instancePath+"/repeat/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/repeat/additionalProperties/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema24.properties.repeat.additionalProperties.type,parentSchema:schema24.properties.repeat.additionalProperties,data:data3};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
else {
const err19 = {instancePath:instancePath+"/repeat",schemaPath:"#/properties/repeat/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema24.properties.repeat.type,parentSchema:schema24.properties.repeat,data:data2};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.when !== undefined){
let data4 = data.when;
if(typeof data4 === "string"){
if(data4.length > 2000){
const err20 = {instancePath:instancePath+"/when",schemaPath:"#/properties/when/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema24.properties.when,data:data4};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(data4.length < 1){
const err21 = {instancePath:instancePath+"/when",schemaPath:"#/properties/when/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema24.properties.when,data:data4};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
else {
const err22 = {instancePath:instancePath+"/when",schemaPath:"#/properties/when/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema24.properties.when.type,parentSchema:schema24.properties.when,data:data4};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.stage !== undefined){
let data5 = data.stage;
if(typeof data5 !== "string"){
const err23 = {instancePath:instancePath+"/stage",schemaPath:"#/properties/stage/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema24.properties.stage.type,parentSchema:schema24.properties.stage,data:data5};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(!(((((((((((data5 === "kernel-modules") || (data5 === "base-network")) || (data5 === "real-server-arp")) || (data5 === "real-server-address")) || (data5 === "real-server-web")) || (data5 === "director-network")) || (data5 === "virtual-service")) || (data5 === "real-servers")) || (data5 === "announce")) || (data5 === "publish")) || (data5 === "marks"))){
const err24 = {instancePath:instancePath+"/stage",schemaPath:"#/properties/stage/enum",keyword:"enum",params:{allowedValues: schema24.properties.stage.enum},message:"must be equal to one of the allowed values",schema:schema24.properties.stage.enum,parentSchema:schema24.properties.stage,data:data5};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.resource !== undefined){
let data6 = data.resource;
if(typeof data6 === "string"){
if(data6.length > 63){
const err25 = {instancePath:instancePath+"/resource",schemaPath:"#/properties/resource/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema24.properties.resource,data:data6};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
if(data6.length < 1){
const err26 = {instancePath:instancePath+"/resource",schemaPath:"#/properties/resource/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema24.properties.resource,data:data6};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
else {
const err27 = {instancePath:instancePath+"/resource",schemaPath:"#/properties/resource/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema24.properties.resource.type,parentSchema:schema24.properties.resource,data:data6};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data.with !== undefined){
let data7 = data.with;
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(Object.keys(data7).length > 32){
const err28 = {instancePath:instancePath+"/with",schemaPath:"#/properties/with/maxProperties",keyword:"maxProperties",params:{limit: 32},message:"must NOT have more than 32 properties",schema:32,parentSchema:schema24.properties.with,data:data7};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
else {
const err29 = {instancePath:instancePath+"/with",schemaPath:"#/properties/with/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema24.properties.with.type,parentSchema:schema24.properties.with,data:data7};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data.follows !== undefined){
let data8 = data.follows;
if(Array.isArray(data8)){
if(data8.length > 100){
const err30 = {instancePath:instancePath+"/follows",schemaPath:"#/properties/follows/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items",schema:100,parentSchema:schema24.properties.follows,data:data8};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(data8.length < 1){
const err31 = {instancePath:instancePath+"/follows",schemaPath:"#/properties/follows/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema24.properties.follows,data:data8};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
const len0 = data8.length;
for(let i0=0; i0<len0; i0++){
let data9 = data8[i0];
if(typeof data9 === "string"){
if(data9.length > 63){
const err32 = {instancePath:instancePath+"/follows/" + i0,schemaPath:"#/properties/follows/items/maxLength",keyword:"maxLength",params:{limit: 63},message:"must NOT have more than 63 characters",schema:63,parentSchema:schema24.properties.follows.items,data:data9};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
else {
const err33 = {instancePath:instancePath+"/follows/" + i0,schemaPath:"#/properties/follows/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema24.properties.follows.items.type,parentSchema:schema24.properties.follows.items,data:data9};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
let i1 = data8.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data8[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err34 = {instancePath:instancePath+"/follows",schemaPath:"#/properties/follows/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema24.properties.follows,data:data8};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err35 = {instancePath:instancePath+"/follows",schemaPath:"#/properties/follows/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema24.properties.follows.type,parentSchema:schema24.properties.follows,data:data8};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data.why !== undefined){
let data10 = data.why;
const _errs27 = errors;
let valid7 = false;
let passing0 = null;
const _errs28 = errors;
if(typeof data10 === "string"){
if(data10.length > 2000){
const err36 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/0/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[0],data:data10};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(data10.length < 1){
const err37 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[0],data:data10};
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
const err38 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[0].type,parentSchema:schema12.oneOf[0],data:data10};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
var _valid0 = _errs28 === errors;
if(_valid0){
valid7 = true;
passing0 = 0;
}
const _errs30 = errors;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
if(data10.en === undefined){
const err39 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/1/required",keyword:"required",params:{missingProperty: "en"},message:"must have required property '"+"en"+"'",schema:schema12.oneOf[1].required,parentSchema:schema12.oneOf[1],data:data10};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
for(const key3 in data10){
if(!((key3 === "en") || (key3 === "zh"))){
const err40 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema12.oneOf[1],data:data10};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
if(data10.en !== undefined){
let data11 = data10.en;
if(typeof data11 === "string"){
if(data11.length > 2000){
const err41 = {instancePath:instancePath+"/why/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[1].properties.en,data:data11};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(data11.length < 1){
const err42 = {instancePath:instancePath+"/why/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[1].properties.en,data:data11};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
else {
const err43 = {instancePath:instancePath+"/why/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[1].properties.en.type,parentSchema:schema12.oneOf[1].properties.en,data:data11};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
if(data10.zh !== undefined){
let data12 = data10.zh;
if(typeof data12 === "string"){
if(data12.length > 2000){
const err44 = {instancePath:instancePath+"/why/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[1].properties.zh,data:data12};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(data12.length < 1){
const err45 = {instancePath:instancePath+"/why/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[1].properties.zh,data:data12};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
else {
const err46 = {instancePath:instancePath+"/why/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[1].properties.zh.type,parentSchema:schema12.oneOf[1].properties.zh,data:data12};
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
const err47 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema12.oneOf[1].type,parentSchema:schema12.oneOf[1],data:data10};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
var _valid0 = _errs30 === errors;
if(_valid0 && valid7){
valid7 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid7 = true;
passing0 = 1;
}
}
if(!valid7){
const err48 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema12.oneOf,parentSchema:schema12,data:data10};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
else {
errors = _errs27;
if(vErrors !== null){
if(_errs27){
vErrors.length = _errs27;
}
else {
vErrors = null;
}
}
}
}
if(data.note !== undefined){
let data13 = data.note;
const _errs39 = errors;
let valid10 = false;
let passing1 = null;
const _errs40 = errors;
if(typeof data13 === "string"){
if(data13.length > 2000){
const err49 = {instancePath:instancePath+"/note",schemaPath:"#/definitions/text/oneOf/0/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[0],data:data13};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(data13.length < 1){
const err50 = {instancePath:instancePath+"/note",schemaPath:"#/definitions/text/oneOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[0],data:data13};
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
const err51 = {instancePath:instancePath+"/note",schemaPath:"#/definitions/text/oneOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[0].type,parentSchema:schema12.oneOf[0],data:data13};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
var _valid1 = _errs40 === errors;
if(_valid1){
valid10 = true;
passing1 = 0;
}
const _errs42 = errors;
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(data13.en === undefined){
const err52 = {instancePath:instancePath+"/note",schemaPath:"#/definitions/text/oneOf/1/required",keyword:"required",params:{missingProperty: "en"},message:"must have required property '"+"en"+"'",schema:schema12.oneOf[1].required,parentSchema:schema12.oneOf[1],data:data13};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
for(const key4 in data13){
if(!((key4 === "en") || (key4 === "zh"))){
const err53 = {instancePath:instancePath+"/note",schemaPath:"#/definitions/text/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties",schema:false,parentSchema:schema12.oneOf[1],data:data13};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
if(data13.en !== undefined){
let data14 = data13.en;
if(typeof data14 === "string"){
if(data14.length > 2000){
const err54 = {instancePath:instancePath+"/note/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[1].properties.en,data:data14};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if(data14.length < 1){
const err55 = {instancePath:instancePath+"/note/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[1].properties.en,data:data14};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
else {
const err56 = {instancePath:instancePath+"/note/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[1].properties.en.type,parentSchema:schema12.oneOf[1].properties.en,data:data14};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
if(data13.zh !== undefined){
let data15 = data13.zh;
if(typeof data15 === "string"){
if(data15.length > 2000){
const err57 = {instancePath:instancePath+"/note/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[1].properties.zh,data:data15};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
if(data15.length < 1){
const err58 = {instancePath:instancePath+"/note/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[1].properties.zh,data:data15};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
else {
const err59 = {instancePath:instancePath+"/note/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[1].properties.zh.type,parentSchema:schema12.oneOf[1].properties.zh,data:data15};
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
else {
const err60 = {instancePath:instancePath+"/note",schemaPath:"#/definitions/text/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema12.oneOf[1].type,parentSchema:schema12.oneOf[1],data:data13};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
var _valid1 = _errs42 === errors;
if(_valid1 && valid10){
valid10 = false;
passing1 = [passing1, 1];
}
else {
if(_valid1){
valid10 = true;
passing1 = 1;
}
}
if(!valid10){
const err61 = {instancePath:instancePath+"/note",schemaPath:"#/definitions/text/oneOf",keyword:"oneOf",params:{passingSchemas: passing1},message:"must match exactly one schema in oneOf",schema:schema12.oneOf,parentSchema:schema12,data:data13};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
else {
errors = _errs39;
if(vErrors !== null){
if(_errs39){
vErrors.length = _errs39;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err62 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema24.type,parentSchema:schema24,data};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
validate13.errors = vErrors;
return errors === 0;
}

const schema27 = {"title":"Point on the path","description":"What one host does to the packets that pass it.","type":"object","required":["on","direction","why"],"additionalProperties":false,"properties":{"on":{"title":"Host","description":"Where it happens: `director`, `real-server`, `client`, or an expression ${{ … }} that gives the name of a host, or a list of names.","examples":["director","${{ service.publish.on }}"],"type":"string","minLength":1,"maxLength":2000},"direction":{"title":"Direction","description":"Whether it happens to requests or to replies.","examples":["request"],"type":"string","enum":["request","reply"]},"when":{"title":"Condition","description":"An expression; the point is there only where it is true.","examples":["service.masquerade"],"type":"string","minLength":1,"maxLength":2000},"packet":{"title":"Packet","description":"What of the packet is different when it leaves the host: source, sourcePort, destination, destinationPort; next, the neighbour's address to which the frame goes instead of where the routes lead; outer, a header around the packet with source, destination and protocol, or none to take it off.","examples":[{"destination":"${{ rs.address }}","destinationPort":"${{ rs.port }}"}],"type":"object","maxProperties":8,"additionalProperties":true},"why":{"$ref":"#/definitions/text","description":"What happens here and why, in one or two sentences."}}};

function validate15(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.on === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "on"},message:"must have required property '"+"on"+"'",schema:schema27.required,parentSchema:schema27,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.direction === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "direction"},message:"must have required property '"+"direction"+"'",schema:schema27.required,parentSchema:schema27,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.why === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "why"},message:"must have required property '"+"why"+"'",schema:schema27.required,parentSchema:schema27,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "on") || (key0 === "direction")) || (key0 === "when")) || (key0 === "packet")) || (key0 === "why"))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema27,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.on !== undefined){
let data0 = data.on;
if(typeof data0 === "string"){
if(data0.length > 2000){
const err4 = {instancePath:instancePath+"/on",schemaPath:"#/properties/on/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema27.properties.on,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data0.length < 1){
const err5 = {instancePath:instancePath+"/on",schemaPath:"#/properties/on/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema27.properties.on,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/on",schemaPath:"#/properties/on/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema27.properties.on.type,parentSchema:schema27.properties.on,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.direction !== undefined){
let data1 = data.direction;
if(typeof data1 !== "string"){
const err7 = {instancePath:instancePath+"/direction",schemaPath:"#/properties/direction/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema27.properties.direction.type,parentSchema:schema27.properties.direction,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!((data1 === "request") || (data1 === "reply"))){
const err8 = {instancePath:instancePath+"/direction",schemaPath:"#/properties/direction/enum",keyword:"enum",params:{allowedValues: schema27.properties.direction.enum},message:"must be equal to one of the allowed values",schema:schema27.properties.direction.enum,parentSchema:schema27.properties.direction,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.when !== undefined){
let data2 = data.when;
if(typeof data2 === "string"){
if(data2.length > 2000){
const err9 = {instancePath:instancePath+"/when",schemaPath:"#/properties/when/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema27.properties.when,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
if(data2.length < 1){
const err10 = {instancePath:instancePath+"/when",schemaPath:"#/properties/when/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema27.properties.when,data:data2};
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
const err11 = {instancePath:instancePath+"/when",schemaPath:"#/properties/when/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema27.properties.when.type,parentSchema:schema27.properties.when,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.packet !== undefined){
let data3 = data.packet;
if(data3 && typeof data3 == "object" && !Array.isArray(data3)){
if(Object.keys(data3).length > 8){
const err12 = {instancePath:instancePath+"/packet",schemaPath:"#/properties/packet/maxProperties",keyword:"maxProperties",params:{limit: 8},message:"must NOT have more than 8 properties",schema:8,parentSchema:schema27.properties.packet,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/packet",schemaPath:"#/properties/packet/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema27.properties.packet.type,parentSchema:schema27.properties.packet,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.why !== undefined){
let data4 = data.why;
const _errs13 = errors;
let valid2 = false;
let passing0 = null;
const _errs14 = errors;
if(typeof data4 === "string"){
if(data4.length > 2000){
const err14 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/0/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[0],data:data4};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(data4.length < 1){
const err15 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[0],data:data4};
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
const err16 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[0].type,parentSchema:schema12.oneOf[0],data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
var _valid0 = _errs14 === errors;
if(_valid0){
valid2 = true;
passing0 = 0;
}
const _errs16 = errors;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
if(data4.en === undefined){
const err17 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/1/required",keyword:"required",params:{missingProperty: "en"},message:"must have required property '"+"en"+"'",schema:schema12.oneOf[1].required,parentSchema:schema12.oneOf[1],data:data4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
for(const key1 in data4){
if(!((key1 === "en") || (key1 === "zh"))){
const err18 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema12.oneOf[1],data:data4};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data4.en !== undefined){
let data5 = data4.en;
if(typeof data5 === "string"){
if(data5.length > 2000){
const err19 = {instancePath:instancePath+"/why/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[1].properties.en,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(data5.length < 1){
const err20 = {instancePath:instancePath+"/why/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[1].properties.en,data:data5};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/why/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[1].properties.en.type,parentSchema:schema12.oneOf[1].properties.en,data:data5};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data4.zh !== undefined){
let data6 = data4.zh;
if(typeof data6 === "string"){
if(data6.length > 2000){
const err22 = {instancePath:instancePath+"/why/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[1].properties.zh,data:data6};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data6.length < 1){
const err23 = {instancePath:instancePath+"/why/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[1].properties.zh,data:data6};
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
const err24 = {instancePath:instancePath+"/why/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[1].properties.zh.type,parentSchema:schema12.oneOf[1].properties.zh,data:data6};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
}
else {
const err25 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema12.oneOf[1].type,parentSchema:schema12.oneOf[1],data:data4};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
var _valid0 = _errs16 === errors;
if(_valid0 && valid2){
valid2 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid2 = true;
passing0 = 1;
}
}
if(!valid2){
const err26 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema12.oneOf,parentSchema:schema12,data:data4};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
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
}
else {
const err27 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema27.type,parentSchema:schema27,data};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
validate15.errors = vErrors;
return errors === 0;
}

const schema29 = {"title":"Check","description":"A counter of the kernel that is read before and after the requests of `lvsctl verify`.","type":"object","required":["id","on","counter","holds","why"],"additionalProperties":false,"properties":{"id":{"title":"Check id","description":"A name for the check: small letters, digits and hyphens.","examples":["handshakes"],"type":"string","pattern":"^[a-z][a-z0-9-]{0,62}$"},"on":{"title":"Host","description":"Whose counter it is: an expression ${{ … }} that gives the name of a host, or a list of names.","examples":["${{ service.synproxy.on }}"],"type":"string","minLength":1,"maxLength":2000},"counter":{"title":"Counter","description":"A column of a table under /proc/net/stat, added up over all processors.","examples":[{"file":"/proc/net/stat/synproxy","column":"cookie_valid"}],"type":"object","required":["file","column"],"additionalProperties":false,"properties":{"file":{"title":"Table","description":"The table: a line of names, then for each processor a line of hexadecimal numbers.","examples":["/proc/net/stat/nf_conntrack"],"type":"string","pattern":"^/proc/net/stat/[a-z0-9_]{1,40}$"},"column":{"title":"Column","description":"The name of the column.","examples":["cookie_valid"],"type":"string","pattern":"^[a-z0-9_]{1,40}$"}}},"holds":{"title":"Condition","description":"An expression that tells whether all is well; `grown` is by how much the counter has grown, `answered` how many of the service's requests were answered meanwhile.","examples":["grown >= answered"],"type":"string","minLength":1,"maxLength":2000},"why":{"$ref":"#/definitions/text","description":"What it means where it does not hold, in one or two sentences."}}};
const pattern6 = new RegExp("^/proc/net/stat/[a-z0-9_]{1,40}$", "u");
const pattern7 = new RegExp("^[a-z0-9_]{1,40}$", "u");

function validate17(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.id === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "id"},message:"must have required property '"+"id"+"'",schema:schema29.required,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.on === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "on"},message:"must have required property '"+"on"+"'",schema:schema29.required,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.counter === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "counter"},message:"must have required property '"+"counter"+"'",schema:schema29.required,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.holds === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "holds"},message:"must have required property '"+"holds"+"'",schema:schema29.required,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.why === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "why"},message:"must have required property '"+"why"+"'",schema:schema29.required,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "id") || (key0 === "on")) || (key0 === "counter")) || (key0 === "holds")) || (key0 === "why"))){
const err5 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.id !== undefined){
let data0 = data.id;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err6 = {instancePath:instancePath+"/id",schemaPath:"#/properties/id/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},message:"must match pattern \""+"^[a-z][a-z0-9-]{0,62}$"+"\"",schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema29.properties.id,data:data0};
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
const err7 = {instancePath:instancePath+"/id",schemaPath:"#/properties/id/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema29.properties.id.type,parentSchema:schema29.properties.id,data:data0};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.on !== undefined){
let data1 = data.on;
if(typeof data1 === "string"){
if(data1.length > 2000){
const err8 = {instancePath:instancePath+"/on",schemaPath:"#/properties/on/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema29.properties.on,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data1.length < 1){
const err9 = {instancePath:instancePath+"/on",schemaPath:"#/properties/on/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema29.properties.on,data:data1};
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
const err10 = {instancePath:instancePath+"/on",schemaPath:"#/properties/on/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema29.properties.on.type,parentSchema:schema29.properties.on,data:data1};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.counter !== undefined){
let data2 = data.counter;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.file === undefined){
const err11 = {instancePath:instancePath+"/counter",schemaPath:"#/properties/counter/required",keyword:"required",params:{missingProperty: "file"},message:"must have required property '"+"file"+"'",schema:schema29.properties.counter.required,parentSchema:schema29.properties.counter,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data2.column === undefined){
const err12 = {instancePath:instancePath+"/counter",schemaPath:"#/properties/counter/required",keyword:"required",params:{missingProperty: "column"},message:"must have required property '"+"column"+"'",schema:schema29.properties.counter.required,parentSchema:schema29.properties.counter,data:data2};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
for(const key1 in data2){
if(!((key1 === "file") || (key1 === "column"))){
const err13 = {instancePath:instancePath+"/counter",schemaPath:"#/properties/counter/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema29.properties.counter,data:data2};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data2.file !== undefined){
let data3 = data2.file;
if(typeof data3 === "string"){
if(!pattern6.test(data3)){
const err14 = {instancePath:instancePath+"/counter/file",schemaPath:"#/properties/counter/properties/file/pattern",keyword:"pattern",params:{pattern: "^/proc/net/stat/[a-z0-9_]{1,40}$"},message:"must match pattern \""+"^/proc/net/stat/[a-z0-9_]{1,40}$"+"\"",schema:"^/proc/net/stat/[a-z0-9_]{1,40}$",parentSchema:schema29.properties.counter.properties.file,data:data3};
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
const err15 = {instancePath:instancePath+"/counter/file",schemaPath:"#/properties/counter/properties/file/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema29.properties.counter.properties.file.type,parentSchema:schema29.properties.counter.properties.file,data:data3};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data2.column !== undefined){
let data4 = data2.column;
if(typeof data4 === "string"){
if(!pattern7.test(data4)){
const err16 = {instancePath:instancePath+"/counter/column",schemaPath:"#/properties/counter/properties/column/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9_]{1,40}$"},message:"must match pattern \""+"^[a-z0-9_]{1,40}$"+"\"",schema:"^[a-z0-9_]{1,40}$",parentSchema:schema29.properties.counter.properties.column,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/counter/column",schemaPath:"#/properties/counter/properties/column/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema29.properties.counter.properties.column.type,parentSchema:schema29.properties.counter.properties.column,data:data4};
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
const err18 = {instancePath:instancePath+"/counter",schemaPath:"#/properties/counter/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema29.properties.counter.type,parentSchema:schema29.properties.counter,data:data2};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.holds !== undefined){
let data5 = data.holds;
if(typeof data5 === "string"){
if(data5.length > 2000){
const err19 = {instancePath:instancePath+"/holds",schemaPath:"#/properties/holds/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema29.properties.holds,data:data5};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(data5.length < 1){
const err20 = {instancePath:instancePath+"/holds",schemaPath:"#/properties/holds/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema29.properties.holds,data:data5};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/holds",schemaPath:"#/properties/holds/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema29.properties.holds.type,parentSchema:schema29.properties.holds,data:data5};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.why !== undefined){
let data6 = data.why;
const _errs17 = errors;
let valid3 = false;
let passing0 = null;
const _errs18 = errors;
if(typeof data6 === "string"){
if(data6.length > 2000){
const err22 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/0/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[0],data:data6};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data6.length < 1){
const err23 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[0],data:data6};
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
const err24 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[0].type,parentSchema:schema12.oneOf[0],data:data6};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
var _valid0 = _errs18 === errors;
if(_valid0){
valid3 = true;
passing0 = 0;
}
const _errs20 = errors;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(data6.en === undefined){
const err25 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/1/required",keyword:"required",params:{missingProperty: "en"},message:"must have required property '"+"en"+"'",schema:schema12.oneOf[1].required,parentSchema:schema12.oneOf[1],data:data6};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
for(const key2 in data6){
if(!((key2 === "en") || (key2 === "zh"))){
const err26 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema12.oneOf[1],data:data6};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data6.en !== undefined){
let data7 = data6.en;
if(typeof data7 === "string"){
if(data7.length > 2000){
const err27 = {instancePath:instancePath+"/why/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[1].properties.en,data:data7};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(data7.length < 1){
const err28 = {instancePath:instancePath+"/why/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[1].properties.en,data:data7};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
else {
const err29 = {instancePath:instancePath+"/why/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[1].properties.en.type,parentSchema:schema12.oneOf[1].properties.en,data:data7};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data6.zh !== undefined){
let data8 = data6.zh;
if(typeof data8 === "string"){
if(data8.length > 2000){
const err30 = {instancePath:instancePath+"/why/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[1].properties.zh,data:data8};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(data8.length < 1){
const err31 = {instancePath:instancePath+"/why/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[1].properties.zh,data:data8};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
else {
const err32 = {instancePath:instancePath+"/why/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[1].properties.zh.type,parentSchema:schema12.oneOf[1].properties.zh,data:data8};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
}
else {
const err33 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema12.oneOf[1].type,parentSchema:schema12.oneOf[1],data:data6};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
var _valid0 = _errs20 === errors;
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
const err34 = {instancePath:instancePath+"/why",schemaPath:"#/definitions/text/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema12.oneOf,parentSchema:schema12,data:data6};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
else {
errors = _errs17;
if(vErrors !== null){
if(_errs17){
vErrors.length = _errs17;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err35 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema29.type,parentSchema:schema29,data};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
validate17.errors = vErrors;
return errors === 0;
}


function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.playbook === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "playbook"},message:"must have required property '"+"playbook"+"'",schema:schema11.required,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.kind === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kind"},message:"must have required property '"+"kind"+"'",schema:schema11.required,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.title === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "title"},message:"must have required property '"+"title"+"'",schema:schema11.required,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.summary === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "summary"},message:"must have required property '"+"summary"+"'",schema:schema11.required,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.steps === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "steps"},message:"must have required property '"+"steps"+"'",schema:schema11.required,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data){
if(!(func2.call(schema11.properties, key0))){
const err5 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.playbook !== undefined){
let data0 = data.playbook;
if(typeof data0 === "string"){
if(!pattern0.test(data0)){
const err6 = {instancePath:instancePath+"/playbook",schemaPath:"#/properties/playbook/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{0,62}$"},message:"must match pattern \""+"^[a-z][a-z0-9-]{0,62}$"+"\"",schema:"^[a-z][a-z0-9-]{0,62}$",parentSchema:schema11.properties.playbook,data:data0};
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
const err7 = {instancePath:instancePath+"/playbook",schemaPath:"#/properties/playbook/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.playbook.type,parentSchema:schema11.properties.playbook,data:data0};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if(typeof data1 !== "string"){
const err8 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.kind.type,parentSchema:schema11.properties.kind,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(!(((data1 === "mode") || (data1 === "feature")) || (data1 === "host"))){
const err9 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema11.properties.kind.enum},message:"must be equal to one of the allowed values",schema:schema11.properties.kind.enum,parentSchema:schema11.properties.kind,data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.title !== undefined){
let data2 = data.title;
const _errs8 = errors;
let valid2 = false;
let passing0 = null;
const _errs9 = errors;
if(typeof data2 === "string"){
if(data2.length > 2000){
const err10 = {instancePath:instancePath+"/title",schemaPath:"#/definitions/text/oneOf/0/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[0],data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if(data2.length < 1){
const err11 = {instancePath:instancePath+"/title",schemaPath:"#/definitions/text/oneOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[0],data:data2};
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
const err12 = {instancePath:instancePath+"/title",schemaPath:"#/definitions/text/oneOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[0].type,parentSchema:schema12.oneOf[0],data:data2};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
var _valid0 = _errs9 === errors;
if(_valid0){
valid2 = true;
passing0 = 0;
}
const _errs11 = errors;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.en === undefined){
const err13 = {instancePath:instancePath+"/title",schemaPath:"#/definitions/text/oneOf/1/required",keyword:"required",params:{missingProperty: "en"},message:"must have required property '"+"en"+"'",schema:schema12.oneOf[1].required,parentSchema:schema12.oneOf[1],data:data2};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
for(const key1 in data2){
if(!((key1 === "en") || (key1 === "zh"))){
const err14 = {instancePath:instancePath+"/title",schemaPath:"#/definitions/text/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema12.oneOf[1],data:data2};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data2.en !== undefined){
let data3 = data2.en;
if(typeof data3 === "string"){
if(data3.length > 2000){
const err15 = {instancePath:instancePath+"/title/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[1].properties.en,data:data3};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data3.length < 1){
const err16 = {instancePath:instancePath+"/title/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[1].properties.en,data:data3};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/title/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[1].properties.en.type,parentSchema:schema12.oneOf[1].properties.en,data:data3};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data2.zh !== undefined){
let data4 = data2.zh;
if(typeof data4 === "string"){
if(data4.length > 2000){
const err18 = {instancePath:instancePath+"/title/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[1].properties.zh,data:data4};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(data4.length < 1){
const err19 = {instancePath:instancePath+"/title/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[1].properties.zh,data:data4};
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
const err20 = {instancePath:instancePath+"/title/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[1].properties.zh.type,parentSchema:schema12.oneOf[1].properties.zh,data:data4};
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
const err21 = {instancePath:instancePath+"/title",schemaPath:"#/definitions/text/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema12.oneOf[1].type,parentSchema:schema12.oneOf[1],data:data2};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
var _valid0 = _errs11 === errors;
if(_valid0 && valid2){
valid2 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid2 = true;
passing0 = 1;
}
}
if(!valid2){
const err22 = {instancePath:instancePath+"/title",schemaPath:"#/definitions/text/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema12.oneOf,parentSchema:schema12,data:data2};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
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
}
if(data.summary !== undefined){
let data5 = data.summary;
const _errs20 = errors;
let valid5 = false;
let passing1 = null;
const _errs21 = errors;
if(typeof data5 === "string"){
if(data5.length > 2000){
const err23 = {instancePath:instancePath+"/summary",schemaPath:"#/definitions/text/oneOf/0/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[0],data:data5};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(data5.length < 1){
const err24 = {instancePath:instancePath+"/summary",schemaPath:"#/definitions/text/oneOf/0/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[0],data:data5};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
else {
const err25 = {instancePath:instancePath+"/summary",schemaPath:"#/definitions/text/oneOf/0/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[0].type,parentSchema:schema12.oneOf[0],data:data5};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
var _valid1 = _errs21 === errors;
if(_valid1){
valid5 = true;
passing1 = 0;
}
const _errs23 = errors;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
if(data5.en === undefined){
const err26 = {instancePath:instancePath+"/summary",schemaPath:"#/definitions/text/oneOf/1/required",keyword:"required",params:{missingProperty: "en"},message:"must have required property '"+"en"+"'",schema:schema12.oneOf[1].required,parentSchema:schema12.oneOf[1],data:data5};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
for(const key2 in data5){
if(!((key2 === "en") || (key2 === "zh"))){
const err27 = {instancePath:instancePath+"/summary",schemaPath:"#/definitions/text/oneOf/1/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema12.oneOf[1],data:data5};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data5.en !== undefined){
let data6 = data5.en;
if(typeof data6 === "string"){
if(data6.length > 2000){
const err28 = {instancePath:instancePath+"/summary/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[1].properties.en,data:data6};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(data6.length < 1){
const err29 = {instancePath:instancePath+"/summary/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[1].properties.en,data:data6};
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
const err30 = {instancePath:instancePath+"/summary/en",schemaPath:"#/definitions/text/oneOf/1/properties/en/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[1].properties.en.type,parentSchema:schema12.oneOf[1].properties.en,data:data6};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data5.zh !== undefined){
let data7 = data5.zh;
if(typeof data7 === "string"){
if(data7.length > 2000){
const err31 = {instancePath:instancePath+"/summary/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema12.oneOf[1].properties.zh,data:data7};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(data7.length < 1){
const err32 = {instancePath:instancePath+"/summary/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema12.oneOf[1].properties.zh,data:data7};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
else {
const err33 = {instancePath:instancePath+"/summary/zh",schemaPath:"#/definitions/text/oneOf/1/properties/zh/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema12.oneOf[1].properties.zh.type,parentSchema:schema12.oneOf[1].properties.zh,data:data7};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
}
else {
const err34 = {instancePath:instancePath+"/summary",schemaPath:"#/definitions/text/oneOf/1/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema12.oneOf[1].type,parentSchema:schema12.oneOf[1],data:data5};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
var _valid1 = _errs23 === errors;
if(_valid1 && valid5){
valid5 = false;
passing1 = [passing1, 1];
}
else {
if(_valid1){
valid5 = true;
passing1 = 1;
}
}
if(!valid5){
const err35 = {instancePath:instancePath+"/summary",schemaPath:"#/definitions/text/oneOf",keyword:"oneOf",params:{passingSchemas: passing1},message:"must match exactly one schema in oneOf",schema:schema12.oneOf,parentSchema:schema12,data:data5};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
else {
errors = _errs20;
if(vErrors !== null){
if(_errs20){
vErrors.length = _errs20;
}
else {
vErrors = null;
}
}
}
}
if(data.when !== undefined){
let data8 = data.when;
if(typeof data8 === "string"){
if(data8.length > 2000){
const err36 = {instancePath:instancePath+"/when",schemaPath:"#/properties/when/maxLength",keyword:"maxLength",params:{limit: 2000},message:"must NOT have more than 2000 characters",schema:2000,parentSchema:schema11.properties.when,data:data8};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(data8.length < 1){
const err37 = {instancePath:instancePath+"/when",schemaPath:"#/properties/when/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema11.properties.when,data:data8};
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
const err38 = {instancePath:instancePath+"/when",schemaPath:"#/properties/when/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.when.type,parentSchema:schema11.properties.when,data:data8};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data.traits !== undefined){
if(!(validate11(data.traits, {instancePath:instancePath+"/traits",parentData:data,parentDataProperty:"traits",rootData}))){
vErrors = vErrors === null ? validate11.errors : vErrors.concat(validate11.errors);
errors = vErrors.length;
}
}
if(data.steps !== undefined){
let data10 = data.steps;
if(Array.isArray(data10)){
if(data10.length > 100){
const err39 = {instancePath:instancePath+"/steps",schemaPath:"#/properties/steps/maxItems",keyword:"maxItems",params:{limit: 100},message:"must NOT have more than 100 items",schema:100,parentSchema:schema11.properties.steps,data:data10};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(data10.length < 1){
const err40 = {instancePath:instancePath+"/steps",schemaPath:"#/properties/steps/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema11.properties.steps,data:data10};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
const len0 = data10.length;
for(let i0=0; i0<len0; i0++){
if(!(validate13(data10[i0], {instancePath:instancePath+"/steps/" + i0,parentData:data10,parentDataProperty:i0,rootData}))){
vErrors = vErrors === null ? validate13.errors : vErrors.concat(validate13.errors);
errors = vErrors.length;
}
}
}
else {
const err41 = {instancePath:instancePath+"/steps",schemaPath:"#/properties/steps/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.steps.type,parentSchema:schema11.properties.steps,data:data10};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
if(data.example !== undefined){
let data12 = data.example;
if(typeof data12 === "string"){
if(!pattern4.test(data12)){
const err42 = {instancePath:instancePath+"/example",schemaPath:"#/properties/example/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9-]{0,62}\\.yaml$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9-]{0,62}\\.yaml$"+"\"",schema:"^[a-z0-9][a-z0-9-]{0,62}\\.yaml$",parentSchema:schema11.properties.example,data:data12};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
else {
const err43 = {instancePath:instancePath+"/example",schemaPath:"#/properties/example/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema11.properties.example.type,parentSchema:schema11.properties.example,data:data12};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
}
if(data.path !== undefined){
let data13 = data.path;
if(Array.isArray(data13)){
if(data13.length > 30){
const err44 = {instancePath:instancePath+"/path",schemaPath:"#/properties/path/maxItems",keyword:"maxItems",params:{limit: 30},message:"must NOT have more than 30 items",schema:30,parentSchema:schema11.properties.path,data:data13};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(data13.length < 1){
const err45 = {instancePath:instancePath+"/path",schemaPath:"#/properties/path/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema11.properties.path,data:data13};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
const len1 = data13.length;
for(let i1=0; i1<len1; i1++){
if(!(validate15(data13[i1], {instancePath:instancePath+"/path/" + i1,parentData:data13,parentDataProperty:i1,rootData}))){
vErrors = vErrors === null ? validate15.errors : vErrors.concat(validate15.errors);
errors = vErrors.length;
}
}
}
else {
const err46 = {instancePath:instancePath+"/path",schemaPath:"#/properties/path/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.path.type,parentSchema:schema11.properties.path,data:data13};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
if(data.checks !== undefined){
let data15 = data.checks;
if(Array.isArray(data15)){
if(data15.length > 30){
const err47 = {instancePath:instancePath+"/checks",schemaPath:"#/properties/checks/maxItems",keyword:"maxItems",params:{limit: 30},message:"must NOT have more than 30 items",schema:30,parentSchema:schema11.properties.checks,data:data15};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if(data15.length < 1){
const err48 = {instancePath:instancePath+"/checks",schemaPath:"#/properties/checks/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema11.properties.checks,data:data15};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
const len2 = data15.length;
for(let i2=0; i2<len2; i2++){
if(!(validate17(data15[i2], {instancePath:instancePath+"/checks/" + i2,parentData:data15,parentDataProperty:i2,rootData}))){
vErrors = vErrors === null ? validate17.errors : vErrors.concat(validate17.errors);
errors = vErrors.length;
}
}
}
else {
const err49 = {instancePath:instancePath+"/checks",schemaPath:"#/properties/checks/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema11.properties.checks.type,parentSchema:schema11.properties.checks,data:data15};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
}
else {
const err50 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema11.type,parentSchema:schema11,data};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
validate10.errors = vErrors;
return errors === 0;
}
