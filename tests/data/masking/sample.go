package meters

import (
	"fmt"
	"net"
)

const DefaultPort = 40217

type Client struct {
	host string
	conn net.Conn
}

func New(host string) *Client {
	c := &Client{host: host}
	return c
}

func (c *Client) Connect() error {
	conn, err := net.Dial("tcp", fmt.Sprintf("%s:%d", c.host, DefaultPort))
	if err != nil {
		return err
	}
	c.conn = conn
	return nil
}
