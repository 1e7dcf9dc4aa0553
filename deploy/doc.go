// Package deploy puts apps, filters and servers together as an INI file says.
package deploy
