/** The routing protocol of the routes that `lvsctl lab up` makes, by which they are known as the lab's. Source: rtnetlink(7), rtm_protocol: user space chooses. */
export const LAB_PROTOCOL = "198";
